using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>A contract and the object that serves it.</summary>
internal sealed record ServiceTarget(RemoteContract Contract, Func<object> GetInstance, ExclusiveGate? Exclusive = null)
{
    /// <summary>Whether calls start in the order in which they were made.</summary>
    public bool IsOrdered { get; init; } = true;
}
