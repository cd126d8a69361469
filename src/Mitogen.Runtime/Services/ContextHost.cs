using Mitogen.Connections;
using Mitogen.Lifetime;

namespace Mitogen.Services;

/// <summary>Starts and ends contexts for those above.</summary>
internal sealed class ContextHost(ContextNode node) : IContextHost
{
    public async Task<StartedContext> StartAsync(ConnectionMessage connection, CancellationToken cancellationToken)
    {
        Connection order = connection.ToConnection();
        ContextHandle child = node.Prepare(node.Self, order);
        await node.StartAsync(node.Self, child, order, cancellationToken).ConfigureAwait(false);
        return new StartedContext(child.Id, child.Name, child.Info);
    }

    public async Task EndAsync(uint id)
    {
        if (node.FindChild(id) is { } child)
        {
            await node.EndChildAsync(child).ConfigureAwait(false);
        }
    }
}
