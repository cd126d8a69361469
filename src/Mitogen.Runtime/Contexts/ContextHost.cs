using System.Collections.Concurrent;
using Mitogen.Connections;

namespace Mitogen.Contexts;

/// <summary>Starts and ends contexts for one of those above.</summary>
internal sealed class ContextHost(ContextNode node) : IContextHost
{
    private readonly ConcurrentDictionary<ulong, ContextHandle> _starting = new();

    public async Task<StartedContext> StartAsync(ConnectionMessage connection, ulong ticket)
    {
        Connection order = connection.ToConnection();
        ContextHandle child = node.Prepare(node.Self, order);
        _ = _starting.TryAdd(ticket, child);
        try
        {
            await node.StartAsync(node.Self, child, order, CancellationToken.None).ConfigureAwait(false);
            return new StartedContext(child.Id, child.Name, child.Info);
        }
        finally
        {
            _ = _starting.TryRemove(ticket, out _);
        }
    }

    public Task GiveUpAsync(ulong ticket) =>
        _starting.TryGetValue(ticket, out ContextHandle? child) ? node.EndAsync(child) : Task.CompletedTask;

    public async Task EndAsync(uint id)
    {
        if (node.FindChild(id) is { } child)
        {
            await node.EndChildAsync(child).ConfigureAwait(false);
        }
    }
}
