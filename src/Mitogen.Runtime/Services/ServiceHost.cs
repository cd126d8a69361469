using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.CompilerServices;

namespace Mitogen.Services;

/// <summary>
/// The services of one context: one instance of each, created at its first call and disposed with the context, in the reverse
/// order of their creation.
/// </summary>
/// <param name="self">The context.</param>
/// <param name="loggers">Its loggers.</param>
/// <param name="catalog">The program's services.</param>
/// <param name="application">The owner's services, which come before those of the startup classes; not disposed.</param>
internal sealed class ServiceHost(IRemoteContext self, ILoggerFactory loggers, RemoteCatalog catalog, IServiceProvider? application = null)
    : IServiceProvider, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Lock _configuring = new();

    // All under _lock.
    private readonly Dictionary<RemoteServiceRegistration, SingletonService> _services = [];
    private readonly Dictionary<Type, SingletonService> _fakes = [];
    private readonly List<object> _created = [];
    private bool _disposed;

    // Under _configuring.
    private ServiceProvider? _configured;
    private bool _isConfigured;

    /// <summary>Serves a contract with an object of the caller's, which the host does not dispose.</summary>
    public void AddFake(Type contract, object instance)
    {
        lock (_lock)
        {
            _fakes[contract] = new SingletonService(() => instance, ServiceConcurrency.Concurrent);
            _ = _fakes[contract].Get();
        }
    }

    /// <summary>The service for a contract; <see langword="null"/> if nothing does.</summary>
    public SingletonService? Find(RemoteContract contract)
    {
        lock (_lock)
        {
            if (_fakes.TryGetValue(contract.InterfaceType, out SingletonService? fake))
            {
                return fake;
            }
        }

        if (!catalog.Services.TryGetValue(contract.Id, out RemoteServiceRegistration? registration))
        {
            return null;
        }

        lock (_lock)
        {
            if (!_services.TryGetValue(registration, out SingletonService? service))
            {
                service = new SingletonService(() => Create(registration), registration.Concurrency, registration.Ordered);
                _services.Add(registration, service);
            }

            return service;
        }
    }

    /// <summary>The service that the object is; <see langword="null"/> if it is none of the context's.</summary>
    public SingletonService? FindOwn(object instance)
    {
        lock (_lock)
        {
            // Few: a program has some dozens of services.
            return _services.Values.Concat(_fakes.Values).FirstOrDefault(s => s.Is(instance));
        }
    }

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(IRemoteContext))
        {
            return self;
        }

        if (serviceType == typeof(ILoggerFactory))
        {
            return loggers;
        }

        return application?.GetService(serviceType) ?? Configured()?.GetService(serviceType);
    }

    /// <summary>Creates an instance, to be disposed with the context.</summary>
    /// <exception cref="ContextEndedException">The context ended meanwhile; the instance is disposed.</exception>
    private object Create(RemoteServiceRegistration registration)
    {
        object instance = registration.Factory(this);
        lock (_lock)
        {
            if (!_disposed)
            {
                _created.Add(instance);
                return instance;
            }
        }

        // Its creation outlived the context: nobody waits for its end.
        _ = DisposeAsync(instance).AsTask();
        throw new ContextEndedException(self.Name);
    }

    public async ValueTask DisposeAsync()
    {
        object[] created;
        lock (_lock)
        {
            _disposed = true;
            created = [.. _created];
            _created.Clear();
        }

        foreach (object instance in created.Reverse())
        {
            await DisposeAsync(instance).ConfigureAwait(false);
        }

        if (_configured is not null)
        {
            await DisposeAsync(_configured).ConfigureAwait(false);
        }
    }

    private async ValueTask DisposeAsync(object instance)
    {
#pragma warning disable CA1031 // one service's fault does not keep the others from being disposed
        try
        {
            await Disposal.DisposeAsync(instance).Guarded();
        }
        catch (Exception e)
        {
            Log.DisposeFailed(loggers.CreateLogger<ServiceHost>(), instance.GetType().FullName ?? "", e);
        }
#pragma warning restore CA1031
    }

    /// <summary>The services that the program's startup classes registered; nothing is built where there are none.</summary>
    private ServiceProvider? Configured()
    {
        lock (_configuring)
        {
            if (!_isConfigured && catalog.Startups.Count > 0)
            {
                ServiceCollection services = new();
                services.AddSingleton(self);
                services.AddSingleton(loggers);
                services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
                foreach (Action<object> configure in catalog.Startups.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value))
                {
                    configure(services);
                }

                _configured = services.BuildServiceProvider();
            }

            _isConfigured = true;
            return _configured;
        }
    }
}
