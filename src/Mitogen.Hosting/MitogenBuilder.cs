using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Mitogen.Hosting;

/// <summary>Adds contexts by name, and proxies of their services, to an application that has <c>AddMitogen</c>.</summary>
/// <remarks>Not safe for use by several threads at once, like the collection of services.</remarks>
public sealed class MitogenBuilder
{
    internal MitogenBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a context, as the singleton <see cref="IRemoteContext"/> with the context's name as its key. It starts at its first use, is shared
    /// by all who ask for it, comes back after a loss at its next use, and ends with the host.
    /// </summary>
    /// <param name="name">Its name, by which the application knows it.</param>
    /// <param name="connectionString">How it is started, such as <c>ssh://web1+sudo</c>; see <see cref="ConnectionString"/>. It is checked when
    /// the host starts.</param>
    /// <param name="configure">Sets its further options.</param>
    /// <returns>This builder.</returns>
    public MitogenBuilder AddContext(string name, string connectionString, Action<NamedContextOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return Add(name, options => options.Connection = connectionString, configure);
    }

    /// <summary>As <see cref="AddContext(string, string, Action{NamedContextOptions}?)"/>, for what a string cannot carry, such as secrets.</summary>
    /// <param name="name">Its name, by which the application knows it.</param>
    /// <param name="chain">Makes the connections, the outermost first, for each start anew. It is given the application's provider. The call that
    /// starts the context gets what it throws.</param>
    /// <param name="configure">Sets its further options.</param>
    /// <returns>This builder.</returns>
    public MitogenBuilder AddContext(string name, Func<IServiceProvider, IReadOnlyList<Connection>> chain, Action<NamedContextOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return Add(name, options => options.Chain = chain, configure);
    }

    /// <summary>
    /// Adds a proxy for a service of a context, as the singleton <typeparamref name="T"/>, and once more with the context's name as its key. Each
    /// call goes to the context as it is then: the first starts it, and so does the next one after a loss. Where contexts share a contract, the
    /// one that was added last is the <typeparamref name="T"/> without a key.
    /// </summary>
    /// <typeparam name="T">A <see cref="RemoteAttribute"/> interface.</typeparam>
    /// <param name="context">The context's name.</param>
    /// <param name="options">The options of calls by the proxy; <see langword="null"/> takes those of the context's connection.</param>
    /// <returns>This builder.</returns>
    public MitogenBuilder AddRemote<[ContractType] T>(string context, CallOptions? options = null)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(context);
        Services.AddKeyedSingleton(context, (provider, _) =>
        {
            IRemoteContext remote = provider.GetRequiredKeyedService<IRemoteContext>(context);
            return options is null ? remote.Get<T>() : remote.Get<T>(options);
        });
        Services.AddSingleton(provider => provider.GetRequiredKeyedService<T>(context));
        return this;
    }

    /// <summary>Puts a context of the caller's in the place of the root, such as the in-memory one of <c>Mitogen.Testing</c>.</summary>
    /// <param name="root">The context. The caller owns it: it is not disposed.</param>
    /// <returns>This builder.</returns>
    public MitogenBuilder UseRoot(IRemoteContext root)
    {
        ArgumentNullException.ThrowIfNull(root);
        Services.RemoveAll<MitogenRoot>();
        Services.Replace(ServiceDescriptor.Singleton(root));
        return this;
    }

    /// <summary>Adds a context that a section of the configuration describes.</summary>
    internal MitogenBuilder AddContext(string name, IConfigurationSection section)
    {
        Services.AddSingleton<IOptionsChangeTokenSource<NamedContextOptions>>(new ConfigurationChangeTokenSource<NamedContextOptions>(name, section));
        return Add(
            name,
            options =>
            {
                section.Bind(options);
                options.Connection = section.Value ?? options.Connection;
            },
            null);
    }

    private MitogenBuilder Add(string name, Action<NamedContextOptions> connect, Action<NamedContextOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        OptionsBuilder<NamedContextOptions> options = Services.AddOptions<NamedContextOptions>(name).Configure(connect).ValidateOnStart();
        if (configure is not null)
        {
            _ = options.Configure(configure);
        }

        Services.AddSingleton(new ContextName(name));
        Services.TryAddKeyedSingleton<IRemoteContext>(name, static (provider, key) => provider.GetRequiredService<NamedContexts>().Find((string)key!));
        return this;
    }
}
