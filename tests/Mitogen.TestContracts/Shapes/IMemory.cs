namespace Mitogen.TestContracts.Shapes;

/// <summary>The memory of the context that serves it.</summary>
[Remote]
public interface IMemory
{
    /// <summary>Collects what was forgotten, and lets finalizers run.</summary>
    Task CollectAsync();
}
