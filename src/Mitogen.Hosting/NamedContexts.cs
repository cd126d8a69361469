using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mitogen.Hosting;

/// <summary>All contexts of the application that have names. None is started before its first use.</summary>
internal sealed class NamedContexts : IAsyncDisposable, IDisposable
{
    private readonly Dictionary<string, NamedContext> _contexts;

    public NamedContexts(
        IEnumerable<ContextName> names,
        IRemoteContext root,
        IServiceProvider services,
        IOptionsMonitor<NamedContextOptions> options,
        IOptions<MitogenOptions> rootOptions,
        TimeProvider time,
        ILogger<NamedContexts> logger)
    {
        RemoteCatalog catalog = rootOptions.Value.Catalog ?? RemoteCatalog.Default;
        _contexts = names.Select(static name => name.Name).Distinct(StringComparer.Ordinal).ToDictionary(
            static name => name,
            name => new NamedContext(name, catalog, new ContextStarts(name, root, services, options, time, logger)),
            StringComparer.Ordinal);
        Root = root;
    }

    public IRemoteContext Root { get; }

    public IReadOnlyCollection<NamedContext> All => _contexts.Values;

    /// <exception cref="InvalidOperationException">No context has that name.</exception>
    public NamedContext Find(string name) => _contexts.GetValueOrDefault(name) ?? throw new InvalidOperationException(
        $"There is no context '{name}'. Add it with AddMitogen(…).AddContext(\"{name}\", …), or in the configuration. " +
        $"There are: {string.Join(", ", _contexts.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Ends all of them; none starts again.</summary>
    public Task EndAsync() => Task.WhenAll(_contexts.Values.Select(static context => context.EndAsync()));

    public ValueTask DisposeAsync() => new(EndAsync());

    public void Dispose() => EndAsync().GetAwaiter().GetResult(); // each end is on the pool
}
