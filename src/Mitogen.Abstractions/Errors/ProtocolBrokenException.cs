namespace Mitogen;

/// <summary>A peer broke the protocol. Its link is closed, and with it every context behind it; others remain usable.</summary>
public sealed class ProtocolBrokenException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The rule that was broken, and where in the input.</param>
    /// <param name="innerException">The cause on this side, if there is one.</param>
    public ProtocolBrokenException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
