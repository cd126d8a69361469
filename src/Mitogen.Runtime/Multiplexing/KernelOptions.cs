namespace Mitogen.Multiplexing;

/// <summary>The bounds of the protocol. They hold for a whole tree: the root chooses them, each child is told.</summary>
internal sealed record KernelOptions
{
    /// <summary>What each end of a new stream may send before the other grants more.</summary>
    public int InitialWindow { get; init; } = 16 * 1024;

    /// <summary>The largest window that a receiver of a long message grants.</summary>
    public int BulkWindow { get; init; } = 1024 * 1024;

    /// <summary>How many streams of its own a context has open on one link; further ones wait.</summary>
    public int MaxOpenStreams { get; init; } = 1024;

    /// <summary>The largest message: the arguments or the result of one call.</summary>
    public int MaxMessageSize { get; init; } = 1024 * 1024 * 1024;

    /// <summary>How many bytes of forwarded frames wait on one link before what is sent through it counts as a violation.</summary>
    public long MaxForwardedBytes { get; init; } = 64 * 1024 * 1024;
}
