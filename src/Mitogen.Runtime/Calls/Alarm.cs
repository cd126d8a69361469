using System.Diagnostics.CodeAnalysis;
using Mitogen.Interop;

namespace Mitogen.Calls;

/// <summary>Does something under the hub's lock at a time that is set there. A pool thread does it, which sees no exception.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It is stopped under the lock.")]
internal sealed class Alarm
{
    private readonly CallHub _hub;
    private readonly LockedAction _ring;
    private readonly Timer _timer;

    // Guarded by the hub's lock.
    private long _time = long.MaxValue;
    private bool _disposed;

    /// <param name="hub">The hub.</param>
    /// <param name="ring">The work that is done under the lock.</param>
    public Alarm(CallHub hub, LockedAction ring)
    {
        _hub = hub;
        _ring = ring;
        _timer = Detached.CreateTimer(static a => ((Alarm)a!).Ring(), this);
    }

    /// <summary>Sets the time, in milliseconds as <see cref="Environment.TickCount64"/> has them, unless an earlier one is set.</summary>
    public void Set(in HubLock locked, long time)
    {
        if (time < _time && !_disposed)
        {
            _time = time;
            _ = _timer.Change(Math.Max(0, time - Environment.TickCount64), Timeout.Infinite);
        }
    }

    /// <summary>Nothing is done any more, of what is set or may be set yet.</summary>
    public void Stop(in HubLock locked)
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Ring()
    {
#pragma warning disable CA1031 // nobody is above a timer: an exception would end the process
        try
        {
            using (HubLock locked = _hub.Enter())
            {
                _time = long.MaxValue;
                if (!_disposed)
                {
                    _ring(locked);
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
