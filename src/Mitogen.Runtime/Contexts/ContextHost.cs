using System.Collections.Concurrent;

namespace Mitogen.Contexts;

/// <summary>Starts and ends contexts for one of those above.</summary>
internal sealed class ContextHost(ContextNode node) : IContextHost
{
    private readonly ConcurrentDictionary<ulong, ContextHandle> _starting = new();

    public async Task<StartedContext> StartAsync(PlainConnection connection, ulong ticket)
    {
        ContextHandle child = node.Prepare(node.Self, connection);
        _ = _starting.TryAdd(ticket, child);
        try
        {
            await node.StartAsync(node.Self, child, connection, CancellationToken.None).ConfigureAwait(false);
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
