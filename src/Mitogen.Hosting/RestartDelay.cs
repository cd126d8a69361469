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
    /// <param name="run">What has ended.</param>
    public void Begin(ContextRun run)
    {
        NamedContextOptions options = run.Options;
        _endedAt = time.GetTimestamp();
        if (run.IsEndWanted || (run.WasUp && time.GetElapsedTime(run.StartedAt, _endedAt) >= options.MaxRetryDelay))
        {
            _failures = 0;
            _delay = TimeSpan.Zero;
        }
        else if (!run.WasUp)
        {
            _failures++;
            _delay = Of(options);
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
