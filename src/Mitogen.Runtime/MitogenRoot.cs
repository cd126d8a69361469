using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mitogen.Contexts;
using Mitogen.Hosting;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Starting;
using Mitogen.Telemetry;

namespace Mitogen;

/// <summary>The first context of a tree: this process. Several can live in one process.</summary>
/// <remarks>
/// All members are safe for use by several threads at once. Disposing the root ends the whole tree and completes when no process,
/// thread or descriptor of it is left.
/// </remarks>
public sealed class MitogenRoot : IRemoteContext, IDisposable
{
    // That of a context by default.
    private static readonly TimeSpan s_grace = new LocalConnection().GracePeriod;

    private readonly ContextNode _node;
    private readonly LogPump _logs;
    private readonly RootLogOutput _output;
    private readonly Action? _onEnd;
    private readonly Lock _lock = new();
    private Task? _ending;

    private MitogenRoot(ContextNode node, LogPump logs, RootLogOutput output, Action? onEnd)
    {
        _node = node;
        _logs = logs;
        _output = output;
        _onEnd = onEnd;
    }

    /// <inheritdoc/>
    public string Name => _node.Self.Name;

    /// <inheritdoc/>
    public uint Id => _node.Self.Id;

    /// <inheritdoc/>
    public IRemoteContext? Parent => null;

    /// <inheritdoc/>
    public IReadOnlyList<IRemoteContext> Children => _node.Self.Children;

    /// <inheritdoc/>
    public ContextInfo Info => _node.Self.Info;

    /// <inheritdoc/>
    public CancellationToken Disconnected => _node.Self.Disconnected;

    /// <inheritdoc/>
    public DisconnectReason? DisconnectReason => _node.Self.DisconnectReason;

    internal ContextNode Node => _node;

    /// <summary>Creates a root. It starts no process and no thread until something is started from it.</summary>
    /// <param name="options">The options; <see langword="null"/> takes the defaults.</param>
    /// <returns>The root.</returns>
    /// <exception cref="ArgumentException">The name is none, or an option is out of its range; <see cref="MitogenOptions.FindErrors"/> tells of all.</exception>
    /// <exception cref="PlatformNotSupportedException">Roots run on Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static MitogenRoot Create(MitogenOptions? options = null)
    {
        options ??= new MitogenOptions();
        RemoteCatalog catalog = options.Catalog ?? RemoteCatalog.Default;
        return CreateWith(options, catalog, new Connector(new Executables.Program(catalog)), null);
    }

    /// <inheritdoc/>
    public T Get<T>()
        where T : class => _node.Self.Get<T>();

    /// <inheritdoc/>
    public T Get<T>(CallOptions options)
        where T : class => _node.Self.Get<T>(options);

    /// <inheritdoc/>
    public Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default) =>
        _node.Self.ConnectAsync(connection, cancellationToken);

    /// <inheritdoc/>
    public IRemoteContext Through(Connection connection) => _node.Self.Through(connection);

    /// <inheritdoc/>
    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => new(EndAsync().WaitAsync(cancellationToken));

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken = default) => _node.Self.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(EndAsync());

    /// <summary>As <see cref="DisposeAsync"/>, but blocks the calling thread until the tree is gone. For owners that cannot wait in another way.</summary>
    public void Dispose() => Task.Run(EndAsync).GetAwaiter().GetResult(); // user code may go back to the caller's thread, which is blocked

    /// <summary>The root's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;

    internal static MitogenRoot CreateWith(MitogenOptions options, RemoteCatalog catalog, IConnector connector, Action? onEnd)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Roots run on Linux for now; this is " + Environment.OSVersion.VersionString + ".");
        }

        Tracing.TurnOn();
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        KernelOptions kernel = options.ToKernelOptions();
        RootLogOutput output = new(loggers, kernel.LogIntervalMilliseconds);
        LogPump logs = new(kernel.MaxLogBytes, output.DeliverAsync);
        ContextNode node = new(new NodeOptions
        {
            Id = IdLeases.Root,
            Name = options.Name,
            Ancestors = [],
            Catalog = catalog,
            Kernel = kernel,
            Loggers = loggers,
            Info = ContextProcess.DescribeSelf(),
            Connector = connector,
            Output = logs,
            Services = options.Services,
        });
        node.Hub.Served.Start();
        MitogenRoot root = new(node, logs, output, onEnd);
        node.EndWhole = root.EndAsync;
        return root;
    }

    /// <summary>Ends the tree; everyone who asks waits for the same end.</summary>
    internal Task EndAsync()
    {
        lock (_lock)
        {
            return _ending ??= EndCoreAsync();
        }
    }

    private async Task EndCoreAsync()
    {
        await _node.EndSelfAsync(new DisconnectReason(DisconnectKind.Disposed, "It was disposed."), s_grace).ConfigureAwait(false);
        await _logs.CompleteAsync().ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
        _onEnd?.Invoke();
    }
}
