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

    public void Wait()
    {
        lock (this)
        {
            while (!_isSet)
            {
                _ = Monitor.Wait(this);
            }

            _isSet = false;
        }
    }
}
