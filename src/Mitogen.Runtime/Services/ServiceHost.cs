using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mitogen.CompilerServices;

namespace Mitogen.Services;

/// <summary>
/// The services of one context: one instance of each, created at its first call and disposed with the context, in the reverse
/// order of their creation.
/// </summary>
internal sealed class ServiceHost(IRemoteContext self, ILoggerFactory loggers, RemoteCatalog catalog) : IServiceProvider, IAsyncDisposable
{
    // Guards all below. It is reentrant: what creates one service may ask for another.
    private readonly Lock _creation = new();
    private readonly Dictionary<object, object> _instances = [];
    private readonly Dictionary<Type, object> _fakes = [];
    private readonly List<object> _created = [];
    private ServiceProvider? _configured;
    private bool _isConfigured;
    private bool _disposed;

    /// <summary>Serves a contract with an object of the caller's, which the host does not dispose.</summary>
    public void AddFake(Type contract, object instance)
    {
        lock (_creation)
        {
            _fakes[contract] = instance;
        }
    }

    /// <summary>How to get at the object that serves a contract; <see langword="null"/> if none does.</summary>
    public Func<object>? Find(RemoteContract contract)
    {
        lock (_creation)
        {
            if (_fakes.TryGetValue(contract.InterfaceType, out object? fake))
            {
                return () => fake;
            }
        }

        return catalog.Services.TryGetValue(contract.Id, out RemoteServiceRegistration? registration) ? () => Instance(registration) : null;
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

        lock (_creation)
        {
            return Configured()?.GetService(serviceType);
        }
    }

    public async ValueTask DisposeAsync()
    {
        object[] created;
        lock (_creation)
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
            switch (instance)
            {
                case IAsyncDisposable asynchronous:
                    await asynchronous.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
        catch (Exception e)
        {
            Log.DisposeFailed(loggers.CreateLogger<ServiceHost>(), instance.GetType().FullName ?? "", e);
        }
#pragma warning restore CA1031
    }

    private object Instance(RemoteServiceRegistration registration)
    {
        lock (_creation)
        {
            if (!_instances.TryGetValue(registration, out object? instance))
            {
                ObjectDisposedException.ThrowIf(_disposed, self);
                instance = registration.Factory(this);
                _instances.Add(registration, instance);
                _created.Add(instance);
            }

            return instance;
        }
    }

    /// <summary>What the program's startup classes registered; nothing is built where there are none.</summary>
    private ServiceProvider? Configured()
    {
        if (!_isConfigured)
        {
            _isConfigured = true;
            if (catalog.Startups.Count > 0)
            {
                ServiceCollection services = new();
                services.AddSingleton(self);
                services.AddSingleton(loggers);
                foreach (Action<object> configure in catalog.Startups.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value))
                {
                    configure(services);
                }

                _configured = services.BuildServiceProvider();
            }
        }

        return _configured;
    }
}
