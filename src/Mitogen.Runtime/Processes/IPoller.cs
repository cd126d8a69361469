namespace Mitogen.Processes;

/// <summary>What a descriptor is ready for; the values are those of epoll(7).</summary>
[Flags]
internal enum PollEvents : uint
{
    None = 0,

    /// <summary>There are bytes, or the end of them (EPOLLIN).</summary>
    Readable = 1,

    /// <summary>Bytes fit (EPOLLOUT).</summary>
    Writable = 4,

    /// <summary>EPOLLERR.</summary>
    Error = 8,

    /// <summary>EPOLLHUP.</summary>
    HungUp = 0x10,

    /// <summary>The peer writes no more (EPOLLRDHUP).</summary>
    PeerClosed = 0x2000,

    /// <summary>Told when something happens, and not as long as it lasts (EPOLLET).</summary>
    OnChange = 1u << 31,
}

/// <summary>
/// Where some threads wait for any of many descriptors. Of the threads that wait, one is woken for each thing that happens. Thread-safe; one
/// may be woken for nothing.
/// </summary>
internal interface IPoller : IDisposable
{
    /// <summary>Blocks until something happens.</summary>
    /// <param name="events">What a descriptor is ready for.</param>
    /// <returns>The descriptor's token; or that of the bell, the timer, the alarm or the end (<see cref="PollToken"/>).</returns>
    ulong Wait(out PollEvents events);

    /// <summary>Begins to look at a descriptor.</summary>
    /// <exception cref="IOException">It cannot be waited for, or the system has no room for it.</exception>
    void Add(int fd, PollEvents events, ulong token);

    /// <summary>Looks for other events. What is ready already is told again.</summary>
    void Change(int fd, PollEvents events, ulong token);

    /// <summary>Looks at the descriptor no more. A thread may have been woken for it just before.</summary>
    void Remove(int fd);

    /// <summary>Wakes one of the threads, with the token of the bell. Two calls may wake one only.</summary>
    void Ring();

    /// <summary>Wakes one of the threads, once, with the token of the timer, when this time has passed.</summary>
    void SetTimer(int milliseconds);

    /// <summary>The same with the token of the alarm.</summary>
    void SetAlarm(int milliseconds);

    /// <summary>From now on, no thread waits: each gets the token of the end.</summary>
    void Stop();
}

/// <summary>The tokens of things that are no descriptor of a link.</summary>
internal static class PollToken
{
    public const ulong Bell = ulong.MaxValue;
    public const ulong Timer = ulong.MaxValue - 1;
    public const ulong Alarm = ulong.MaxValue - 2;
    public const ulong End = ulong.MaxValue - 3;
}
