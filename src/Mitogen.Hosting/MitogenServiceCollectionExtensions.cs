using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mitogen;
using Mitogen.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Mitogen to the services of an application.</summary>
[SupportedOSPlatform("linux")]
public static class MitogenServiceCollectionExtensions
{
    /// <summary>
    /// Adds a root, as the singletons <see cref="IRemoteContext"/> and <see cref="MitogenRoot"/>. It is created at its first use, logs to the
    /// application's loggers, gives its own services what the application's provider has, and ends with the host. May be called again.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <returns>A builder, for contexts by name.</returns>
    public static MitogenBuilder AddMitogen(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<MitogenOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MitogenOptions>, MitogenOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NamedContextOptions>, NamedContextOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        if (services.All(static service => service.ServiceType != typeof(NamedContexts)))
        {
            // Only the first time: UseRoot takes both roots away.
            services.TryAddSingleton(CreateRoot);
            services.TryAddSingleton<IRemoteContext>(static provider => provider.GetRequiredService<MitogenRoot>());
            services.AddSingleton<NamedContexts>();
            services.AddSingleton<IHostedService, ContextsEnd>();
        }

        return new MitogenBuilder(services);
    }

    /// <summary>As <see cref="AddMitogen(IServiceCollection)"/>, with options.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the root's options. Their values are checked when the host starts.</param>
    /// <returns>A builder, for contexts by name.</returns>
    public static MitogenBuilder AddMitogen(this IServiceCollection services, Action<MitogenOptions> configure)
    {
        MitogenBuilder builder = services.AddMitogen();
        services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// As <see cref="AddMitogen(IServiceCollection)"/>, with the options and the contexts that a section of the
    /// configuration has: <c>MaxOpenStreams</c>, <c>Contexts:web1</c>. A context is a connection string, or a section with the options of
    /// <see cref="NamedContextOptions"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section. The names of its contexts are read now, their values when a context starts.</param>
    /// <returns>A builder, for further contexts by name.</returns>
    public static MitogenBuilder AddMitogen(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        MitogenBuilder builder = services.AddMitogen();
        services.AddSingleton<IOptionsChangeTokenSource<MitogenOptions>>(new ConfigurationChangeTokenSource<MitogenOptions>(configuration));
        services.Configure<MitogenOptions>(options => configuration.Bind(options));
        foreach (IConfigurationSection context in configuration.GetSection("Contexts").GetChildren())
        {
            _ = builder.AddContext(context.Key, context);
        }

        return builder;
    }

    private static MitogenRoot CreateRoot(IServiceProvider provider)
    {
        MitogenOptions options = provider.GetRequiredService<IOptions<MitogenOptions>>().Value;
        return MitogenRoot.Create(options with
        {
            LoggerFactory = options.LoggerFactory ?? provider.GetService<ILoggerFactory>(),
            Services = options.Services ?? provider,
        });
    }
}
