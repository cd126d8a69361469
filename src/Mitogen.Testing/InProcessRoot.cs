using System.Runtime.Versioning;
using Mitogen.Contexts;
using Mitogen.Links;

namespace Mitogen.Testing;

/// <summary>
/// A root whose contexts live in this process, for unit tests without processes or a network: the real serialization and the
/// real multiplexer over memory. A test that passes on it does not fail for marshalling later.
/// </summary>
/// <remarks>Connections that nobody answers give contexts with the catalog's own services.</remarks>
public sealed class InProcessRoot : IRemoteContext, IDisposable
{
    private readonly InProcessConnector _connector;
    private readonly MitogenRoot _root;

    private InProcessRoot(InProcessConnector connector, MitogenRoot root)
    {
        _connector = connector;
        _root = root;
    }

    /// <inheritdoc/>
    public string Name => _root.Name;

    /// <inheritdoc/>
    public uint Id => _root.Id;

    /// <inheritdoc/>
    public IRemoteContext? Parent => null;

    /// <inheritdoc/>
    public IReadOnlyList<IRemoteContext> Children => _root.Children;

    /// <inheritdoc/>
    public ContextInfo Info => _root.Info;

    /// <inheritdoc/>
    public CancellationToken Disconnected => _root.Disconnected;

    /// <inheritdoc/>
    public DisconnectReason? DisconnectReason => _root.DisconnectReason;

    internal ContextNode Node => _root.Node;

    /// <summary>Creates a root.</summary>
    /// <param name="options">The options; <see langword="null"/> takes the defaults.</param>
    /// <returns>The root.</returns>
    /// <exception cref="PlatformNotSupportedException">Roots run on Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static InProcessRoot Create(MitogenOptions? options = null)
    {
        options ??= new MitogenOptions();
        MemoryPump pump = new();
        InProcessConnector connector = new(pump);
        return new InProcessRoot(connector, MitogenRoot.CreateWith(options, options.Catalog ?? RemoteCatalog.Default, connector, pump.Dispose));
    }

    /// <summary>Answers connections of one kind, from whichever context they are started, with a fake context.</summary>
    /// <typeparam name="TConnection">The kind of connection.</typeparam>
    /// <param name="answer">Called for each connection, on a pool thread; the connection's name tells one from another.</param>
    /// <returns>This root.</returns>
    public InProcessRoot OnConnect<TConnection>(Func<TConnection, FakeContext> answer)
        where TConnection : Connection
    {
        ArgumentNullException.ThrowIfNull(answer);
        _connector.Answer(typeof(TConnection), connection => answer((TConnection)connection));
        return this;
    }

    /// <summary>Serves a contract in the root itself with an object.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="service">The object; the test owns it.</param>
    /// <returns>This root.</returns>
    public InProcessRoot Add<[ContractType] T>(T service)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(service);
        _root.Node.Services.AddFake(typeof(T), service);
        return this;
    }

    /// <inheritdoc/>
    public T Get<T>()
        where T : class => _root.Get<T>();

    /// <inheritdoc/>
    public T Get<T>(CallOptions options)
        where T : class => _root.Get<T>(options);

    /// <inheritdoc/>
    public Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default) =>
        _root.ConnectAsync(connection, cancellationToken);

    /// <inheritdoc/>
    public IRemoteContext Through(Connection connection) => _root.Through(connection);

    /// <inheritdoc/>
    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => _root.ShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken = default) => _root.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _root.DisposeAsync();

    /// <summary>As <see cref="DisposeAsync"/>, but blocks the calling thread until the tree is gone.</summary>
    public void Dispose() => _root.Dispose();
}
