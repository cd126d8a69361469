namespace Mitogen;

/// <summary>What ended a context.</summary>
public enum DisconnectKind
{
    /// <summary>It was disposed or shut down from this side.</summary>
    Disposed,

    /// <summary>Its process exited, with a status and maybe last lines on stderr.</summary>
    Exited,

    /// <summary>The link to it broke.</summary>
    LinkBroken,

    /// <summary>Nothing was heard of it for longer than the keep-alive allows.</summary>
    KeepAlive,

    /// <summary>It, or something on the way to it, broke the protocol.</summary>
    ProtocolViolation,

    /// <summary>It never came up.</summary>
    NeverStarted,

    /// <summary>A context between here and there went away.</summary>
    AncestorLost,
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
