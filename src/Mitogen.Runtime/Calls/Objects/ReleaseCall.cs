using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The call that gives references back: method 0 of every object, with their number (u32). It results in whether the object is forgotten (u8).</summary>
internal static class ReleaseCall
{
    public const uint MethodId = 0;

    /// <summary>The method, for a callee.</summary>
    public static RemoteMethod Method { get; } = new(0, MethodId, 0, "the release of an object", MethodShape.Asynchronous) { MaxArgumentBytes = sizeof(uint), IsOwn = true };

    public static ResultWriter<bool> Writer { get; } =
        static (ref MemoryPackWriter<CallBuffer> writer, bool value) => writer.WriteUnmanaged(value);

    /// <summary>Takes references back, and disposes an object that nobody may call any more.</summary>
    /// <returns>Whether the object is forgotten.</returns>
    public static async ValueTask<bool> ServeAsync(CallHub hub, uint caller, ulong id, uint count)
    {
        object? released;
        bool isForgotten;
        using (HubLock locked = hub.Enter())
        {
            PeerObjects? objects = hub.Peers.Find(locked, caller)?.Objects;
            released = objects?.Find(locked, id) is { } export ? objects.Release(locked, export, count) : null;
            isForgotten = objects?.Find(locked, id) is null;
        }

        if (released is not null)
        {
            await hub.Objects.DisposeAsync(released).ConfigureAwait(false);
        }

        return isForgotten;
    }
}
