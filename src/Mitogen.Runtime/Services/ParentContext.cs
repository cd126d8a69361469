using Mitogen.Import;
using Mitogen.Lifetime;
using Mitogen.Routing;

namespace Mitogen.Services;

/// <summary>What one child may ask of its parent.</summary>
internal sealed class ParentContext(ContextNode node, ChildContext child) : IParentContext
{
    public Task<IdBlock> LeaseAsync() => node.TakeBlockAsync(child.Link);

    public Task ReadyAsync(string? error)
    {
        child.SetReady(error);
        return Task.CompletedTask;
    }

    public CompressedAssembly? FindAssembly(string name) =>
        child.Assemblies?.FindAsync(name).AsTask().GetAwaiter().GetResult();
}
