using System.Runtime.InteropServices;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <content>The objects that this context and others have given each other.</content>
internal sealed partial class CallHub
{
    // Both guarded by the lock.
    private readonly Dictionary<uint, CallEndpoint> _endpoints = [];
    private readonly Dictionary<object, HeldObject> _held = new(ReferenceEqualityComparer.Instance);

    /// <summary>The objects that finalizers found forgotten.</summary>
    public ForgottenQueue Forgotten { get; }

    /// <summary>How many objects other contexts may call. Without the lock, it may say what was.</summary>
    public int ExportCount { get; private set; }

    /// <summary>How many objects of other contexts are known here.</summary>
    public int CountImports(in HubLock locked) => _endpoints.Values.Sum(e => e.Objects.ImportCount);

    /// <summary>A context is up, and this is how it is called.</summary>
    public void Bind(in HubLock locked, uint id, CallEndpoint endpoint) => _endpoints[id] = endpoint;

    /// <summary>How a context is called that calls here, or gave an object.</summary>
    public CallEndpoint EndpointOf(in HubLock locked, uint id)
    {
        ref CallEndpoint? endpoint = ref CollectionsMarshal.GetValueRefOrAddDefault(_endpoints, id, out _);
        return endpoint ??= new RoutedEndpoint(locked, this, id);
    }

    /// <summary>The same, for a context that may be gone.</summary>
    public CallEndpoint? FindEndpoint(in HubLock locked, uint id) => _endpoints.GetValueOrDefault(id);

    public void CountExport(in HubLock locked, int change) => ExportCount += change;

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
        return isResult && !_host.IsService(target) ? target : null;
    }

    /// <summary>This context's own service for a contract, for a context that may call it.</summary>
    public object ServiceFor(CallEndpoint caller, RemoteContract contract) => _host.Resolve(caller.Id, contract.Id).GetInstance();

    /// <summary>Disposes a result that nobody can call any more, on a pool thread.</summary>
    public void Dispose(object released) =>
        ThreadPool.UnsafeQueueUserWorkItem(static s => _ = s.Hub.DisposeAsync(s.Target), (Hub: this, Target: released), preferLocal: false);

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
            _host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Takes every reference back: the context ends.</summary>
    public async Task DropObjectsAsync()
    {
        List<object> released = [];
        using (HubLock locked = Enter())
        {
            foreach (CallEndpoint endpoint in _endpoints.Values)
            {
                released.AddRange(endpoint.Objects.Lose(locked));
            }
        }

        foreach (object target in released)
        {
            await DisposeAsync(target).ConfigureAwait(false);
        }
    }

    private void LoseObjects(in HubLock locked, uint id, DisconnectReason reason)
    {
        if (_endpoints.Remove(id, out CallEndpoint? endpoint))
        {
            (endpoint as RoutedEndpoint)?.SetLost(locked, reason);
            endpoint.Releases.Drop(locked);
            foreach (object released in endpoint.Objects.Lose(locked))
            {
                Dispose(released);
            }
        }
    }

    private struct HeldObject
    {
        public int Count;
        public bool IsResult;
    }
}
