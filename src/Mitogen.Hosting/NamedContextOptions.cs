namespace Mitogen.Hosting;

/// <summary>Options of a context that an application knows by name. They are named options: <c>services.Configure&lt;NamedContextOptions&gt;("web1", …)</c>.</summary>
/// <remarks>Each start reads them anew, with what the configuration has then.</remarks>
public sealed class NamedContextOptions
{
    /// <summary>How the context is started, such as <c>ssh://web1+sudo</c>; see <see cref="ConnectionString"/>. A connection without a name that is
    /// the last of its chain gets the context's. Default: none, and then <see cref="Chain"/> has to be set.</summary>
    public string? Connection { get; set; }

    /// <summary>Makes the connections in the place of <see cref="Connection"/>, for each start anew. Default: none.</summary>
    public Func<IServiceProvider, IReadOnlyList<Connection>>? Chain { get; set; }

    /// <summary>
    /// How long after a failed start the next call may start the context again. It doubles with each further failure, up to
    /// <see cref="MaxRetryDelay"/>; until then, calls fail at once, as the last one did. The first loss of a context that was up is no failure, but
    /// a loss sooner than <see cref="MaxRetryDelay"/> after the start counts for the next time. Default: 1 second; more than 0, up to
    /// <see cref="MaxRetryDelay"/>.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between a failure and the next start. Default: 30 seconds; up to 1 day.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);
}
