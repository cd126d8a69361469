using Mitogen.CompilerServices;

namespace Mitogen.Services;

/// <summary>
/// The one instance of a service in a context, created at its first call. While it is created only calls to it wait, so that its
/// constructor may call other services. A failed creation is tried again by the next call.
/// </summary>
internal sealed class SingletonService(ServiceHost host, RemoteServiceRegistration registration)
{
    private readonly Lock _creation = new();
    private volatile object? _instance;

    public object Get() => _instance ?? Create();

    private object Create()
    {
        lock (_creation)
        {
            if (_instance is null)
            {
                object created = registration.Factory(host);
                host.Keep(created);
                _instance = created;
            }

            return _instance;
        }
    }
}
