namespace Mitogen.Links;

/// <summary>Wakes one waiting thread, once, and does not spin: on one core the spinning would keep the other side from running.</summary>
internal sealed class WakeSignal
{
    private bool _isSet;

    public void Set()
    {
        lock (this)
        {
            _isSet = true;
            Monitor.Pulse(this);
        }
    }

    /// <summary>Waits until it is set, or for the given time.</summary>
    /// <returns>Whether it was set.</returns>
    public bool Wait(int milliseconds = Timeout.Infinite)
    {
        lock (this)
        {
            long until = milliseconds == Timeout.Infinite ? long.MaxValue : Environment.TickCount64 + milliseconds;
            while (!_isSet)
            {
                long left = until == long.MaxValue ? Timeout.Infinite : until - Environment.TickCount64;
                if (left is <= 0 and not Timeout.Infinite || !Monitor.Wait(this, (int)left))
                {
                    return false;
                }
            }

            _isSet = false;
            return true;
        }
    }
}
