using System.Runtime.InteropServices;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <content>The objects that this context and others have given each other.</content>
internal sealed partial class CallHub
{
    // Both under the lock.
    private readonly Dictionary<uint, CallEndpoint> _endpoints = [];
    private readonly Dictionary<object, HeldObject> _held = new(ReferenceEqualityComparer.Instance);

    /// <summary>The threads that wait for calls. Guarded by the lock.</summary>
    public ChainThreads Chains => _state.Chains;

    /// <summary>The promises of this context's that were kept or broken. Guarded by the lock.</summary>
    public SettledPromises Settled => _state.Settled;

    /// <summary>What finalizers found forgotten.</summary>
    public ForgottenQueue Forgotten { get; }

    /// <summary>How many objects other contexts may call. Guarded by the lock.</summary>
    public int ExportCount { get; private set; }

    /// <summary>How many objects of other contexts are known here. Called under the lock.</summary>
    public int CountImports() => _endpoints.Values.Sum(e => e.Objects.ImportCount);

    /// <summary>Under the lock: a context is up, and this is how it is called.</summary>
    public void Bind(uint id, CallEndpoint endpoint) => _endpoints[id] = endpoint;

    /// <summary>Under the lock: how a context is called that calls here, or gave an object.</summary>
    public CallEndpoint EndpointOf(uint id)
    {
        ref CallEndpoint? endpoint = ref CollectionsMarshal.GetValueRefOrAddDefault(_endpoints, id, out _);
        return endpoint ??= new RoutedEndpoint(this, id);
    }

    /// <summary>Under the lock: the same, for a context that may be gone.</summary>
    public CallEndpoint? FindEndpoint(uint id) => _endpoints.GetValueOrDefault(id);

    public void CountExport(int change) => ExportCount += change;

    /// <summary>Under the lock: an object is exported once more.</summary>
    public void Hold(object target) => CollectionsMarshal.GetValueRefOrAddDefault(_held, target, out _).Count++;

    /// <summary>Under the lock: an export of the object is over.</summary>
    /// <returns>The object, if it is to be disposed: it was a result, and nobody else holds it.</returns>
    public object? LetGo(object target, bool isResult)
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

    /// <summary>Disposes a result that nobody can call any more. What that throws is logged.</summary>
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
        using (Enter())
        {
            foreach (CallEndpoint endpoint in _endpoints.Values)
            {
                released.AddRange(endpoint.Objects.Lose());
            }
        }

        foreach (object target in released)
        {
            await DisposeAsync(target).ConfigureAwait(false);
        }
    }

    private void LoseObjects(uint id, DisconnectReason reason)
    {
        if (_endpoints.Remove(id, out CallEndpoint? endpoint))
        {
            (endpoint as RoutedEndpoint)?.SetLost(reason);
            endpoint.Releases.Drop();
            foreach (object released in endpoint.Objects.Lose())
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
