namespace Mitogen;

/// <summary>Why a context did not come up. The set is closed; new members come with new connections.</summary>
public enum BootstrapReason
{
    /// <summary>The program that starts the context (<c>dotnet</c>, <c>ssh</c>, ...) was not found.</summary>
    ToolNotFound,

    /// <summary>The staged agent is not beside the application.</summary>
    AgentMissing,

    /// <summary>The process ended before it said hello.</summary>
    ExitedEarly,

    /// <summary>Something answered that is not a context's hello.</summary>
    NotAContext,

    /// <summary>No hello came within the connection's time-out.</summary>
    TimedOut,

    /// <summary>The target has no compatible .NET runtime.</summary>
    NoRuntime,

    /// <summary>The new context runs another build of the program's contracts.</summary>
    BuildMismatch,

    /// <summary>The operating system or architecture is not supported.</summary>
    PlatformNotSupported,

    /// <summary>The user may not do this on the target (sudo's rules, a cluster's), or the context could not lease an id.</summary>
    NotAllowed,

    /// <summary>The other side refused what was shown to it: a key, a certificate or a host's name.</summary>
    AuthenticationFailed,

    /// <summary>A password or passphrase was asked for and the connection has none.</summary>
    PasswordRequired,

    /// <summary>The password or passphrase was not accepted.</summary>
    PasswordWrong,

    /// <summary>The host's key is not known, and the connection does not accept unknown ones.</summary>
    HostKeyUnknown,

    /// <summary>The host's key is not the one that is known.</summary>
    HostKeyChanged,

    /// <summary>The host's name could not be resolved.</summary>
    NameNotFound,

    /// <summary>Nothing listens there, or the network refuses the way.</summary>
    Refused,

    /// <summary>There is no such container, pod, instance or machine, or it does not run.</summary>
    NoSuchContainer,

    /// <summary>The target has no directory that is writable, allows execution and has room.</summary>
    NowhereToExecute,

    /// <summary>The password or the account has expired.</summary>
    Expired,

    /// <summary>The tool or the host asked what no option of the connection answers: a second factor, a PIN, whatever it is. The message has the
    /// question.</summary>
    UnansweredQuestion,

    /// <summary>The server dropped the connection before it said who it is, as sshd does when too many log in at the same time. It was tried again
    /// until the time was over.</summary>
    Busy,
}

/// <summary>A context never came up. The context that was to start it remains usable.</summary>
/// <remarks>All of its texts can be printed: control characters in what a target said are shown as such.</remarks>
public sealed class BootstrapException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why it did not come up.</param>
    /// <param name="contextName">The name it was to have.</param>
    /// <param name="hop">The path of the context that tried to start it.</param>
    /// <param name="message">One sentence for people, with the remedy.</param>
    /// <param name="lastLines">The last lines that the tool or the process printed, oldest first.</param>
    /// <param name="innerException">The cause on this side, if there is one.</param>
    public BootstrapException(
        BootstrapReason reason, string contextName, string hop, string message, IReadOnlyList<string>? lastLines = null, Exception? innerException = null)
        : base(
            VisibleText.Indented(
                $"The context '{contextName}'{StartedFrom(hop)} did not come up. {message}" + (lastLines is { Count: > 0 } ? $" It printed: {LastLinesText.Join(lastLines)}" : "")),
            innerException)
    {
        Reason = reason;
        ContextName = VisibleText.Line(contextName);
        Hop = VisibleText.Line(hop);
        Detail = VisibleText.Indented(message);
        LastLines = lastLines is null ? [] : [.. lastLines.Select(VisibleText.Line)];
    }

    // The root's own name says nothing; any other one is a machine or an account to look at.
    private static string StartedFrom(string hop) => hop.Contains('/', StringComparison.Ordinal) ? $", started from '{VisibleText.Line(hop)}'," : "";

    /// <summary>Why it did not come up.</summary>
    public BootstrapReason Reason { get; }

    /// <summary>The name the context was to have.</summary>
    public string ContextName { get; }

    /// <summary>The path of the context that tried to start it: the hop the chain failed at.</summary>
    public string Hop { get; }

    /// <summary>The message without the context's name and the last lines.</summary>
    public string Detail { get; }

    /// <summary>The last lines that the tool or the process printed, oldest first.</summary>
    public IReadOnlyList<string> LastLines { get; }
}
