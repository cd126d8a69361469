using Mitogen.Calls;
using Mitogen.Contexts;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Tells what the context that serves it holds.</summary>
[Remote]
internal interface IHoldings
{
    Task<Holdings> CountAsync();
}

/// <summary>What a context holds once it has collected what it forgot.</summary>
/// <param name="Exports">Objects of its own that others may call.</param>
/// <param name="Imports">Objects of others that it knows.</param>
/// <param name="Heap">Bytes of what lives on its process's heap.</param>
/// <param name="Resident">Bytes of its process in memory.</param>
internal sealed record Holdings(int Exports, int Imports, long Heap, long Resident)
{
    public static Holdings Of(CallHub hub)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        GCMemoryInfo heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        using (HubLock locked = hub.Enter())
        {
            // In a tree as small as a test's, no id is larger.
            int imports = 0;
            for (uint id = 0; id < 100; id++)
            {
                imports += hub.Peers.Find(locked, id)?.Objects.ImportCount ?? 0;
            }

            return new Holdings(hub.Peers.ExportCount, imports, heap.HeapSizeBytes - heap.FragmentedBytes, Environment.WorkingSet);
        }
    }
}

[RemoteService]
internal sealed class HoldingsService(IRemoteContext context) : IHoldings
{
    public Task<Holdings> CountAsync() => Task.FromResult(Holdings.Of(((ContextHandle)context).Hub));
}
