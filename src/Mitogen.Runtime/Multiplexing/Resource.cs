namespace Mitogen.Multiplexing;

/// <summary>
/// A thing that a less trusted context can use up of this one. Each has a bound for a link, and a share of it for each branch behind the
/// link.
/// </summary>
internal enum Resource
{
    /// <summary>Streams that it has open to this context.</summary>
    Streams,

    /// <summary>Bytes of messages that are gathered, wait, or were not taken by it yet.</summary>
    Memory,

    /// <summary>Places in the order of calls that wait for one before them, calls on promises, and what keeps the order.</summary>
    Parked,

    /// <summary>Threads that run blocking methods for it.</summary>
    Threads,

    /// <summary>Frames that were dropped because it may not send them.</summary>
    Dropped,

    /// <summary>Bytes from it that wait here to be passed on.</summary>
    PassingUp,

    /// <summary>Bytes for it that wait here to be passed on. It let those above send them, and does not take them.</summary>
    PassingDown,
}
