namespace Mitogen;

/// <summary>The kind of a context's end.</summary>
public enum DisconnectKind
{
    /// <summary>It was disposed or shut down from this side.</summary>
    Disposed,

    /// <summary>
    /// Its own process ended: it crashed, was killed, or ended itself. <see cref="DisconnectReason.ExitCode"/> has its status; over ssh that is
    /// not known after a signal that kills at once. A new one can be started.
    /// </summary>
    Exited,

    /// <summary>
    /// The connection to it was lost: by the network, the server of the tool that carried it, or the stream. It ends by itself when it notices.
    /// Trying again may help.
    /// </summary>
    LinkBroken,

    /// <summary>Nothing was heard of it for longer than the keep-alive allows.</summary>
    KeepAlive,

    /// <summary>It, or something on the way to it, broke the protocol.</summary>
    ProtocolBroken,

    /// <summary>It never came up.</summary>
    NeverStarted,

    /// <summary>A context between here and there went away.</summary>
    AncestorLost,

    /// <summary>
    /// The program that carried the link to it (ssh, docker, sudo) was ended on the side of its parent, and not the context: that ends by
    /// itself when it notices. Somebody or something killed the tool there.
    /// </summary>
    ToolEnded,

    /// <summary>
    /// Its parent was silent for longer than the keep-alive allows, so it ended itself: the parent's process was stopped (Ctrl-Z, a debugger
    /// that was not noticed) or its machine slept. Nothing is wrong with the context; a new one can be started.
    /// </summary>
    ParentSilent,
}

/// <summary>Why a context is gone.</summary>
/// <param name="Kind">The kind of end.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="ExitCode">The process's exit status, where it is known; 128 + n after signal n.</param>
/// <param name="LastLines">The last lines that the process printed to stderr, oldest first.</param>
public sealed record DisconnectReason(DisconnectKind Kind, string Message, int? ExitCode = null, IReadOnlyList<string>? LastLines = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        LastLines is { Count: > 0 } lines ? $"{Message} Last lines: {LastLinesText.Join(lines)}" : Message;
}
