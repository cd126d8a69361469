using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>One <see cref="RemoteServiceAttribute"/> class. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoteServiceRegistration
{
    /// <summary>Creates the registration.</summary>
    /// <param name="implementation">The class.</param>
    /// <param name="factory">Creates it from what a context supplies.</param>
    /// <param name="contracts">The contracts that it implements.</param>
    public RemoteServiceRegistration(Type implementation, Func<IServiceProvider, object> factory, params RemoteContract[] contracts)
    {
        Implementation = implementation;
        Factory = factory;
        Contracts = contracts;
    }

    /// <summary>The class.</summary>
    public Type Implementation { get; }

    /// <summary>Creates it from what a context supplies.</summary>
    public Func<IServiceProvider, object> Factory { get; }

    /// <summary>The contracts that it implements.</summary>
    public IReadOnlyList<RemoteContract> Contracts { get; }

    /// <summary>How many calls it runs at a time.</summary>
    public ServiceConcurrency Concurrency { get; init; }

    /// <summary>Whether calls of one caller start in the order in which they were made.</summary>
    public bool Ordered { get; init; } = true;
}
