namespace Mitogen.Hosting;

/// <summary>When a context that has ended may be started again. Not thread-safe: its owner guards it.</summary>
internal sealed class RestartDelay(TimeProvider time)
{
    // The starts in a row that failed, or whose context was lost too soon.
    private int _failures;
    private long _endedAt;
    private TimeSpan _delay;

    /// <summary>How much of it is left.</summary>
    public TimeSpan Left => _delay - time.GetElapsedTime(_endedAt) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Notes an end, and begins to wait.</summary>
    /// <param name="options">The least and the most.</param>
    /// <param name="kind">The kind of end; <see langword="null"/> if the start could not even be tried.</param>
    /// <param name="startedAt">The time of its start.</param>
    public void Begin(NamedContextOptions options, DisconnectKind? kind, long startedAt)
    {
        _endedAt = time.GetTimestamp();
        if (kind is null or DisconnectKind.NeverStarted)
        {
            _failures++;
            _delay = Of(options);
        }
        else if (kind == DisconnectKind.Disposed || time.GetElapsedTime(startedAt, _endedAt) >= options.MaxRetryDelay)
        {
            _failures = 0;
            _delay = TimeSpan.Zero;
        }
        else
        {
            // That it was up speaks for the next try; that it was lost so soon, against the one after that.
            _delay = Of(options);
            _failures++;
        }
    }

    private TimeSpan Of(NamedContextOptions options) => _failures == 0
        ? TimeSpan.Zero
        : TimeSpan.FromTicks((long)Math.Min(options.MaxRetryDelay.Ticks, options.RetryDelay.Ticks * Math.Pow(2, _failures - 1)));
}
