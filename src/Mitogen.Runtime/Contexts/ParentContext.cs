using Mitogen.Executables;
using Mitogen.Import;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <summary>The requests that one child may make to its parent.</summary>
internal sealed class ParentContext(ContextNode node, ChildContext child) : IParentContext
{
    public Task<IdBlock> LeaseAsync() => node.TakeBlockAsync(child.Link);

    public Task ReadyAsync(string? error)
    {
        child.SetReady(error);
        return Task.CompletedTask;
    }

    public CompressedAssembly? FindAssembly(string name)
    {
        CompressedAssembly? found = child.Assemblies?.FindAsync(name).AsTask().GetAwaiter().GetResult();
        return found is null || child.Given.TryGive(found.Name)
            ? found
            : throw new InvalidOperationException($"'{child.Handle.Path}' has asked for {found.Name} {GivenAssemblies.Most} times already, and keeps what it gets.");
    }

    public async Task<ExecutablePart> ReadExecutableAsync(string rid, int offset, CancellationToken cancellationToken)
    {
        if (!Platform.IsKnown(rid) || node.Options.Connector.Executables is not { } executables)
        {
            throw new ArgumentException("There are native executables for the platforms that contexts run on, and for no others.", nameof(rid));
        }

        FoundExecutable found = await executables.FindAsync(rid, cancellationToken).ConfigureAwait(false);
        if (found.Executable is null)
        {
            // The path in it is one of the machine that looked for it.
            return ExecutablePart.None(node.Parent is null ? $"{found.Missing} It is looked for where '{node.Path}' runs." : found.Missing);
        }

        Packed packed = await found.Executable.CompressAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return ExecutablePart.Of(packed, offset, node.Hub.Options.MaxMessageSize);
    }
}
