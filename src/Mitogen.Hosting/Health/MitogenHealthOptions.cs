namespace Mitogen.Hosting;

/// <summary>How a health check looks at a context.</summary>
public sealed record MitogenHealthOptions
{
    /// <summary>
    /// How long a context that is up may take to answer a ping, until it counts as unhealthy. Default: 5 seconds; <see cref="TimeSpan.Zero"/>: it
    /// is not asked; up to 1 day.
    /// </summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the check uses the context as a call does: it starts one that is not up, and waits for it within <see cref="PingTimeout"/>. Default:
    /// no, and then a context that nobody has used yet is healthy, and one that was lost is unhealthy until somebody uses it.
    /// </summary>
    public bool StartContexts { get; init; }
}
