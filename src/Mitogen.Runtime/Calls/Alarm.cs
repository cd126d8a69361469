namespace Mitogen.Calls;

/// <summary>Does something under the hub's lock at a time that is set there. A pool thread does it, which sees no exception.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly CallHub _hub;
    private readonly Action _ring;
    private readonly Timer _timer;

    // Guarded by the hub's lock.
    private long _time = long.MaxValue;
    private bool _disposed;

    /// <param name="hub">The hub.</param>
    /// <param name="ring">The work that is done under its lock.</param>
    public Alarm(CallHub hub, Action ring)
    {
        _hub = hub;
        _ring = ring;
        _timer = new Timer(static a => ((Alarm)a!).Ring(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Under the lock: sets the time, in milliseconds as <see cref="Environment.TickCount64"/> has them, unless an earlier one is set.</summary>
    public void Set(long time)
    {
        if (time < _time && !_disposed)
        {
            _time = time;
            _ = _timer.Change(Math.Max(0, time - Environment.TickCount64), Timeout.Infinite);
        }
    }

    /// <summary>Nothing is done any more, of what is set or may be set yet.</summary>
    public void Dispose()
    {
        using (_hub.Enter())
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Ring()
    {
#pragma warning disable CA1031 // nobody is above a timer: an exception would end the process
        try
        {
            using (_hub.Enter())
            {
                _time = long.MaxValue;
                if (!_disposed)
                {
                    _ring();
                }
            }
        }
        catch (Exception e)
        {
            _hub.Host.OnFailure(e);
        }
#pragma warning restore CA1031
    }
}
