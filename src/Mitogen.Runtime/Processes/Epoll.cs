using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>epoll(7) as the poller.</summary>
/// <remarks>
/// The bell and the timer are told by the change, so that nobody has to read them: each write to an event descriptor, and each expiry of a
/// timer, is one (eventfd(2), timerfd_create(2), epoll(7)). The end is told for as long as it lasts, to all threads.
/// </remarks>
internal sealed unsafe class Epoll : IPoller
{
    // struct epoll_event is packed on x86-64 alone (sys/epoll.h).
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly Descriptor _epoll;
    private readonly Descriptor _bell;
    private readonly Descriptor _timer;
    private readonly Descriptor _alarm;
    private readonly Descriptor _end;

    /// <exception cref="IOException">The system gives this process no more descriptors.</exception>
    public Epoll()
    {
        List<Descriptor> made = [];
        try
        {
            made.Add(_epoll = Descriptor.Own(Libc.EpollCreate(Libc.CloseOnExec), "epoll_create1"));
            made.Add(_bell = Descriptor.Event());
            made.Add(_timer = Descriptor.Own(Libc.TimerDescriptor(Libc.MonotonicClock, Libc.CloseOnExec), "timerfd_create"));
            made.Add(_alarm = Descriptor.Own(Libc.TimerDescriptor(Libc.MonotonicClock, Libc.CloseOnExec), "timerfd_create"));
            made.Add(_end = Descriptor.Event());
            Add(_bell, PollEvents.Readable | PollEvents.OnChange, PollToken.Bell);
            Add(_timer, PollEvents.Readable | PollEvents.OnChange, PollToken.Timer);
            Add(_alarm, PollEvents.Readable | PollEvents.OnChange, PollToken.Alarm);
            Add(_end, PollEvents.Readable, PollToken.End);
        }
        catch
        {
            made.ForEach(static descriptor => descriptor.Dispose());
            throw;
        }
    }

    public ulong Wait(out PollEvents events)
    {
        using Descriptor.Lease epoll = _epoll.Use();
        byte* entry = stackalloc byte[16];
        int count;
        while ((count = Libc.EpollWait(epoll.Fd, entry, 1, -1)) <= 0)
        {
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.InterruptedError)
            {
                throw Libc.Error("epoll_wait");
            }
        }

        events = (PollEvents)Unsafe.ReadUnaligned<uint>(entry);
        return Unsafe.ReadUnaligned<ulong>(entry + s_dataOffset);
    }

    public void Add(int fd, PollEvents events, ulong token) => Control(Libc.EpollAdd, fd, events, token);

    public void Change(int fd, PollEvents events, ulong token) => Control(Libc.EpollChange, fd, events, token);

    public void Remove(int fd) => Control(Libc.EpollRemove, fd, PollEvents.None, 0);

    public void Ring() => _bell.Signal();

    public void SetTimer(int milliseconds) => Set(_timer, milliseconds);

    public void SetAlarm(int milliseconds) => Set(_alarm, milliseconds);

    public void Stop() => _end.Signal();

    public void Dispose()
    {
        _epoll.Dispose();
        _bell.Dispose();
        _timer.Dispose();
        _alarm.Dispose();
        _end.Dispose();
    }

    /// <summary>Lets it expire once: one with an interval stands still until somebody reads it (timerfd_create(2)).</summary>
    private static void Set(Descriptor timer, int milliseconds)
    {
        using Descriptor.Lease fd = timer.Use();
        long* times = stackalloc long[4] { 0, 0, milliseconds / 1000, milliseconds % 1000 * 1_000_000L }; // struct itimerspec: interval, then value
        if (Libc.SetTimer(fd.Fd, 0, times, null) < 0)
        {
            throw Libc.Error("timerfd_settime");
        }
    }

    private void Add(Descriptor descriptor, PollEvents events, ulong token)
    {
        using Descriptor.Lease fd = descriptor.Use();
        Add(fd.Fd, events, token);
    }

    private void Control(int operation, int fd, PollEvents events, ulong token)
    {
        using Descriptor.Lease epoll = _epoll.Use();
        byte* entry = stackalloc byte[16];
        Unsafe.WriteUnaligned(entry, (uint)events);
        Unsafe.WriteUnaligned(entry + s_dataOffset, token);
        if (Libc.EpollControl(epoll.Fd, operation, fd, entry) < 0)
        {
            throw Libc.Error("epoll_ctl");
        }
    }
}
