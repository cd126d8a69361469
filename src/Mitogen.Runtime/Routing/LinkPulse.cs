namespace Mitogen.Routing;

/// <summary>Whether a link is alive. Its owner's clock ticks; what came and went since the last tick counts as now.</summary>
internal struct LinkPulse
{
    private long _heard;
    private long _spoke;
    private long _ticked;
    private long _slept;
    private long _woke;
    private bool _started;

    /// <summary>Something came since the last tick.</summary>
    public bool Heard { get; set; }

    /// <summary>Something was sent since the last tick.</summary>
    public bool Spoke { get; set; }

    /// <summary>Takes note of the time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="step">How long it is at most between two ticks of an owner that runs.</param>
    /// <returns>How long nothing came, and how long nothing was sent.</returns>
    public (long Silent, long Idle) Tick(long now, long step)
    {
        if (_started && now - _ticked > step)
        {
            // The owner did not run: what it did not hear meanwhile is not the other end's silence.
            (_slept, _woke) = (now - _ticked, now);
            _heard = now;
        }

        _ticked = now;
        if (Heard || !_started)
        {
            _heard = now;
        }

        if (Spoke || !_started)
        {
            _spoke = now;
        }

        _started = true;
        Heard = Spoke = false;
        return (now - _heard, now - _spoke);
    }

    /// <summary>How long the owner did not run just now, or last within <paramref name="recently"/>; about 0 for one that runs.</summary>
    public readonly long Slept(long now, long recently) => !_started ? 0 : Math.Max(now - _ticked, now - _woke <= recently ? _slept : 0);
}
