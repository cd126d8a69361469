using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mitogen.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Mitogen to the health checks of an application that has <c>AddMitogen</c>.</summary>
public static class MitogenHealthChecksBuilderExtensions
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>
    /// Adds a check of the root and of all contexts that have names. It is unhealthy if one of them is, and says which; its data has what each is
    /// at.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="options">How it looks at a context.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What it reports of a context that cannot be used; <see langword="null"/>: unhealthy.</param>
    /// <param name="tags">Its tags.</param>
    /// <returns>The health checks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddMitogen(
        this IHealthChecksBuilder builder,
        MitogenHealthOptions? options = null,
        string name = "mitogen",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        MitogenHealthOptions how = Checked(options);
        return Add(builder, name, failureStatus, tags, provider => new TreeHealthCheck(provider.GetRequiredService<NamedContexts>(), Health(provider, how)));
    }

    /// <summary>Adds a check of one context that has a name: whether it is up, and answers.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="context">The context's name.</param>
    /// <param name="options">How it looks at the context.</param>
    /// <param name="name">The name of the check; <see langword="null"/>: <c>mitogen-</c> and the context's.</param>
    /// <param name="failureStatus">What it reports of a context that cannot be used; <see langword="null"/>: unhealthy.</param>
    /// <param name="tags">Its tags.</param>
    /// <returns>The health checks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddMitogenContext(
        this IHealthChecksBuilder builder,
        string context,
        MitogenHealthOptions? options = null,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(context);
        MitogenHealthOptions how = Checked(options);
        return Add(
            builder,
            name ?? $"mitogen-{context}",
            failureStatus,
            tags,
            provider => new ContextHealthCheck(provider.GetRequiredService<NamedContexts>().Find(context), Health(provider, how)));
    }

    private static IHealthChecksBuilder Add(
        IHealthChecksBuilder builder, string name, HealthStatus? failureStatus, IEnumerable<string>? tags, Func<IServiceProvider, IHealthCheck> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, create, failureStatus, tags));
    }

    private static ContextHealth Health(IServiceProvider provider, MitogenHealthOptions options) =>
        new(options, provider.GetRequiredService<TimeProvider>());

    private static MitogenHealthOptions Checked(MitogenHealthOptions? options)
    {
        options ??= new MitogenHealthOptions();
        return options.PingTimeout >= TimeSpan.Zero && options.PingTimeout <= s_longest
            ? options
            : throw new ArgumentOutOfRangeException(nameof(options), options.PingTimeout, "MitogenHealthOptions.PingTimeout is from 0 to 1 day.");
    }
}
