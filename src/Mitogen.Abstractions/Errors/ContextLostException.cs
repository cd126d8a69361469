namespace Mitogen;

/// <summary>The context that a call was made to is gone. Nothing on that context is usable; other contexts are.</summary>
/// <remarks>Its message tells what the context's process printed last, and can be printed: control characters are shown as such.</remarks>
public sealed class ContextLostException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="contextName">The name of the context that is gone.</param>
    /// <param name="reason">Why it is gone.</param>
    /// <param name="innerException">The cause on this side, if there is one.</param>
    public ContextLostException(string contextName, DisconnectReason reason, Exception? innerException = null)
        : base(
            VisibleText.Indented($"Context '{VisibleText.Line(contextName)}' is gone: {reason ?? throw new ArgumentNullException(nameof(reason))}"),
            innerException)
    {
        ContextName = VisibleText.Line(contextName);
        Reason = reason;
    }

    /// <summary>The name of the context that is gone.</summary>
    public string ContextName { get; }

    /// <summary>Why it is gone.</summary>
    public DisconnectReason Reason { get; }
}
