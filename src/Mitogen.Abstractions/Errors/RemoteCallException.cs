namespace Mitogen;

/// <summary>A call failed in the context that ran it. The context, its link and every other call remain usable.</summary>
/// <remarks>
/// Exceptions of common base-library types (<see cref="FileNotFoundException"/>, <see cref="ArgumentException"/>, ...) arrive as
/// that type with this exception as their <see cref="Exception.InnerException"/>.
/// </remarks>
public sealed class RemoteCallException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the remote exception said.</param>
    /// <param name="remoteType">The full name of the remote exception's type.</param>
    /// <param name="remoteStackTrace">Its stack trace over there.</param>
    /// <param name="contextPath">The names of the contexts from the root to the one that ran the call, joined by <c>/</c>.</param>
    /// <param name="innerException">What stands for the remote exception's own inner exception.</param>
    public RemoteCallException(
        string message, string remoteType = "", string? remoteStackTrace = null, string contextPath = "", Exception? innerException = null)
        : base(message, innerException)
    {
        RemoteType = remoteType;
        RemoteStackTrace = remoteStackTrace;
        ContextPath = contextPath;
    }

    /// <summary>The full name of the remote exception's type.</summary>
    public string RemoteType { get; }

    /// <summary>The remote exception's stack trace, as it was over there.</summary>
    public string? RemoteStackTrace { get; }

    /// <summary>The names of the contexts from the root to the one that ran the call, joined by <c>/</c>.</summary>
    public string ContextPath { get; }

    /// <summary>
    /// The base library's exception that was thrown for this one here. When that one leaves this context as it is, it is this
    /// one that is passed on.
    /// </summary>
    internal Exception? StandIn { get; set; }

    /// <summary>What stands for all exceptions inside the remote one, of which an aggregate has many.</summary>
    internal IReadOnlyList<Exception>? Inner { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        RemoteStackTrace is null
            ? base.ToString()
            : $"{base.ToString()}{Environment.NewLine}   --- {RemoteType} in context {ContextPath} ---{Environment.NewLine}{RemoteStackTrace}";
}
