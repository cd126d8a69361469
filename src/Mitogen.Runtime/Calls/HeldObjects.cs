using System.Runtime.InteropServices;

namespace Mitogen.Calls;

/// <summary>The objects of this context that others may call, each as often as it is exported. The last one to let go of a result disposes it.</summary>
internal sealed class HeldObjects(ICallHost host)
{
    // Guarded by the hub's lock.
    private readonly Dictionary<object, HeldObject> _held = new(ReferenceEqualityComparer.Instance);

    /// <summary>An object is exported once more.</summary>
    public void Hold(in HubLock locked, object target) => CollectionsMarshal.GetValueRefOrAddDefault(_held, target, out _).Count++;

    /// <summary>An export of the object is over.</summary>
    /// <returns>The object, if it is to be disposed: it was a result, and nobody else holds it.</returns>
    public object? LetGo(in HubLock locked, object target, bool isResult)
    {
        ref HeldObject held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, target);
        held.Count--;
        held.IsResult |= isResult;
        if (held.Count > 0)
        {
            return null;
        }

        isResult = held.IsResult;
        _ = _held.Remove(target);
        return isResult && !host.IsService(target) ? target : null;
    }

    /// <summary>Disposes a result that nobody can call any more, on a pool thread.</summary>
    public void Dispose(object released) =>
        ThreadPool.UnsafeQueueUserWorkItem(static s => _ = s.Held.DisposeAsync(s.Target), (Held: this, Target: released), preferLocal: false);

    /// <summary>Disposes a result that nobody can call any more. An exception of its disposal is logged.</summary>
    public async Task DisposeAsync(object target)
    {
#pragma warning disable CA1031 // the object is the user's, and nobody waits for its end
        try
        {
            await Disposal.DisposeAsync(target).Guarded();
        }
        catch (Exception e)
        {
            host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    private struct HeldObject
    {
        public int Count;
        public bool IsResult;
    }
}
