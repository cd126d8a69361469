using Mitogen.Calls;

namespace Mitogen.Services;

/// <summary>
/// The one instance of a service in a context, created at its first call. While it is created only calls to it wait, so that its
/// constructor may call other services. A failed creation is tried again by the next call.
/// </summary>
internal sealed class SingletonService(Func<object> create, ServiceConcurrency concurrency, bool isOrdered = true)
{
    private readonly Lock _creation = new();
    private volatile object? _instance;

    /// <summary>Lets calls in, one chain at a time; <see langword="null"/> where any number may run.</summary>
    public ExclusiveGate? Exclusive { get; } = concurrency == ServiceConcurrency.Exclusive ? new ExclusiveGate() : null;

    /// <summary>Whether calls of one caller start in the order in which they were made.</summary>
    public bool IsOrdered => isOrdered;

    public bool Is(object instance) => ReferenceEquals(_instance, instance);

    public object Get() => _instance ?? Create();

    private object Create()
    {
        lock (_creation)
        {
            return _instance ??= create();
        }
    }
}
