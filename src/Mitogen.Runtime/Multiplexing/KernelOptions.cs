namespace Mitogen.Multiplexing;

/// <summary>The bounds of the protocol. They hold for a whole tree: the root chooses them, each child is told.</summary>
internal sealed record KernelOptions
{
    /// <summary>The bytes that each end of a new stream may send before the other grants more.</summary>
    public int InitialWindow { get; init; } = 16 * 1024;

    /// <summary>The largest window that a receiver of a long message grants.</summary>
    public int BulkWindow { get; init; } = 1024 * 1024;

    /// <summary>The bytes by which all windows of a link together may exceed their initial size.</summary>
    public int MaxLinkCredit { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many streams of its own a context has open to one other, those with parts apart, besides one for each that the other has open to
    /// it; further ones wait.
    /// </summary>
    public int MaxOpenStreams { get; init; } = 1024;

    /// <summary>How many streams to one context wait for a slot; further ones fail.</summary>
    public int MaxWaitingStreams { get; init; } = 100_000;

    /// <summary>The largest message: the arguments or the result of one call.</summary>
    public int MaxMessageSize { get; init; } = 1024 * 1024 * 1024;

    /// <summary>How many context ids are leased to one child of the root, for itself and everything below it.</summary>
    public int MaxLeasedIds { get; init; } = 65_536;

    /// <summary>How many contexts each context starts at the same time; further starts wait.</summary>
    public int MaxConcurrentStarts { get; init; } = 16;

    /// <summary>After how long without a frame sent a link says that it is alive; 0: never.</summary>
    public int KeepAliveMilliseconds { get; init; } = 15_000;

    /// <summary>After how long without a frame received a link counts as lost; 0: never.</summary>
    public int SilenceMilliseconds { get; init; } = 60_000;

    /// <summary>How often a link's owner lets its time pass; <see cref="Timeout.Infinite"/>: never.</summary>
    public int TickMilliseconds => (KeepAliveMilliseconds, SilenceMilliseconds) switch
    {
        ( > 0, _) => KeepAliveMilliseconds,
        (_, > 0) => Math.Max(SilenceMilliseconds / 4, 1),
        _ => Timeout.Infinite,
    };

    /// <summary>How many bytes of one packed executable a context takes from its parent.</summary>
    public int MaxExecutableSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many streams all contexts behind one child's link have open to this context.</summary>
    public int MaxLinkStreams { get; init; } = 16 * 1024;

    /// <summary>How many bytes of messages are kept here for all contexts behind one child's link.</summary>
    public int MaxLinkMemory { get; init; } = 2000 * 1024 * 1024;

    /// <summary>How many calls wait here for one before them, or for an object, for all contexts behind one child's link.</summary>
    public int MaxParkedCalls { get; init; } = 64 * 1024;

    /// <summary>How many blocking methods run at the same time for all contexts behind one child's link; further ones wait.</summary>
    public int MaxBlockingCalls { get; init; } = 512;

    /// <summary>How many bytes of log records wait in a context.</summary>
    public int MaxLogBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>After how many frames that it may not send a child is cut off.</summary>
    public int MaxDroppedFrames { get; init; } = 1000;

    /// <summary>How often it is logged that frames of a link were dropped, at most.</summary>
    public int LogIntervalMilliseconds { get; init; } = 10_000;

    /// <summary>After how long without any of them going on it is logged that calls wait for a slot; 0: never.</summary>
    public int WaitWarningMilliseconds { get; init; } = 10_000;

    /// <summary>How many of the starts of a context send their executable at the same time; further ones wait.</summary>
    public int MaxConcurrentUploads { get; init; } = 4;

    /// <summary>
    /// How many streams one context may have open to this one, beside four for each that this context has open to it: twice its slots, because
    /// an open may overtake the end that made room for it, and some of the runtime's own.
    /// </summary>
    public int MaxSourceStreams => (int)Math.Min((4L * MaxOpenStreams) + 64, int.MaxValue);

    /// <summary>
    /// The amount that a branch may have of a resource: a quarter of what the one above it has, so that four contexts beside each other
    /// have enough before all is taken. Of memory it is three quarters, which leaves something to the others still: with the defaults one
    /// message of the largest size, or 1 GiB of several, comes up three hops.
    /// </summary>
    /// <param name="what">The resource.</param>
    /// <param name="depth">How many contexts are between the branch and this context.</param>
    public long BoundOf(Resource what, int depth)
    {
        (long most, long least) = BoundsOf(what);
        long share = most;
        for (int i = 0; i < depth && share > least; i++)
        {
            share = what == Resource.Memory ? share / 4 * 3 : share / 4;
        }

        return Math.Max(share, Math.Min(least, most));
    }

    // The bound of a resource for a link, and what a branch behind the link may have at the least, however deep it is.
    private (long Most, long Least) BoundsOf(Resource what) => what switch
    {
        Resource.Streams => (MaxLinkStreams, MaxSourceStreams),
        Resource.Memory => (MaxLinkMemory, MaxLinkMemory / 16),
        Resource.Parked => (MaxParkedCalls, MaxParkedCalls / 16),
        Resource.Threads => (MaxBlockingCalls, Math.Max(1, MaxBlockingCalls / 16)),
        Resource.Dropped => (MaxDroppedFrames, Math.Max(1, MaxDroppedFrames / 10)),
        Resource.PassingUp or Resource.PassingDown => (4 * MaxForwardedBytes, MaxForwardedBytes),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    /// <summary>
    /// How many bytes of one context wait in another to be passed on, in one direction: what the initial windows of its streams and the further
    /// credit of one link allow, the headers of the frames, credit that is granted, and what each stream takes. More is a violation.
    /// </summary>
    public long MaxForwardedBytes => (2 * (long)MaxOpenStreams * (InitialWindow + 512)) + (2L * MaxLinkCredit) + (64 * 1024);

    /// <summary>How many bytes of refusals and other control frames wait for a child before it is cut off.</summary>
    public int MaxControlBytes => (256 * 1024) + (MaxOpenStreams * 128);
}
