namespace Mitogen.Routing;

/// <summary>Whether a link is alive. Its owner's clock ticks; what came and went since the last tick counts as now.</summary>
internal struct LinkPulse
{
    private long _heard;
    private long _spoke;
    private bool _started;

    /// <summary>Something came since the last tick.</summary>
    public bool Heard { get; set; }

    /// <summary>Something was sent since the last tick.</summary>
    public bool Spoke { get; set; }

    /// <summary>Takes note of the time.</summary>
    /// <returns>How long nothing came, and how long nothing was sent.</returns>
    public (long Silent, long Idle) Tick(long now)
    {
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
}
