using Mitogen.CompilerServices;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>A context whose calls go through the generated proxy, real bytes and the generated dispatcher, and nowhere else.</summary>
internal sealed class LoopbackContext(RemoteCatalog catalog, IServiceProvider? services) : IRemoteContext, IServiceProvider
{
    private readonly Dictionary<Type, object> _instances = [];

    public string Name => "loopback";

    public uint Id => 1;

    public IRemoteContext? Parent => null;

    public IReadOnlyList<IRemoteContext> Children => [];

    public ContextInfo Info => throw new NotSupportedException();

    public CancellationToken Disconnected => default;

    public DisconnectReason? DisconnectReason => null;

    public T Get<T>()
        where T : class
    {
        RemoteContract<T> contract = catalog.Find<T>();
        RemoteServiceRegistration registration = catalog.Services[contract.Id];
        if (!_instances.TryGetValue(registration.Implementation, out object? instance))
        {
            _instances[registration.Implementation] = instance = registration.Factory(this);
        }

        return contract.CreateProxy(new LoopbackTarget(contract, instance));
    }

    public T Get<T>(CallOptions options)
        where T : class => Get<T>();

    public object? GetService(Type serviceType) => serviceType == typeof(IRemoteContext) ? this : services?.GetService(serviceType);

    public Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IRemoteContext Through(Connection connection) => throw new NotSupportedException();

    public Task PingAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => default;

    public ValueTask DisposeAsync() => default;
}
