using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Links.Polling;

/// <summary>A poller in the hands of a test: the threads of a crew wait here for what the test tells them. Timers never expire by themselves.</summary>
internal sealed class FakePoller : IPoller
{
    private readonly object _lock = new();
    private readonly Queue<(ulong Token, PollEvents Events)> _told = new();
    private bool _stopped;
    private int _waiting;

    /// <summary>How many threads wait and have nothing to do.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _told.Count > 0 ? 0 : _waiting;
            }
        }
    }

    /// <summary>How often an alarm was set.</summary>
    public int Alarms { get; private set; }

    /// <summary>The interval of the timer, in milliseconds.</summary>
    public int Interval { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Wakes one thread.</summary>
    public void Tell(ulong token, PollEvents events = PollEvents.None)
    {
        lock (_lock)
        {
            _told.Enqueue((token, events));
            Monitor.Pulse(_lock);
        }
    }

    public ulong Wait(out PollEvents events)
    {
        lock (_lock)
        {
            _waiting++;
            (ulong Token, PollEvents Events) told = (PollToken.End, PollEvents.None);
            while (!_stopped && !_told.TryDequeue(out told))
            {
                _ = Monitor.Wait(_lock);
            }

            _waiting--;
            events = _stopped ? PollEvents.None : told.Events;
            return _stopped ? PollToken.End : told.Token;
        }
    }

    public void Add(int fd, PollEvents events, ulong token)
    {
    }

    public void Change(int fd, PollEvents events, ulong token)
    {
    }

    public void Remove(int fd)
    {
    }

    public void Ring() => Tell(PollToken.Bell);

    public void SetTimer(int milliseconds) => Interval = milliseconds;

    public void SetAlarm(int milliseconds) => Alarms++;

    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    public void Dispose() => IsDisposed = true;
}
