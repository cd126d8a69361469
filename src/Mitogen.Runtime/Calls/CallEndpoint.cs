using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The context that a proxy's calls go to, as the calling context knows it.</summary>
internal abstract class CallEndpoint
{
    /// <summary>The options of calls that were given none.</summary>
    public static readonly CallOptions NoOptions = new();

    // Guarded by the hub's lock.
    private readonly Dictionary<ulong, SequenceCounter> _counters = [];

    protected CallEndpoint(CallHub hub)
    {
        Hub = hub;
        Objects = new PeerObjects(hub, this);
    }

    /// <summary>The calls of the context that calls.</summary>
    public CallHub Hub { get; }

    /// <summary>The context's id; 0 while it is not up.</summary>
    public abstract uint Id { get; }

    /// <summary>The path of the context that is called, for messages.</summary>
    public abstract string Path { get; }

    /// <summary>Of whom it may speak when a call to it fails.</summary>
    public abstract ErrorSender Sender { get; }

    /// <summary>The objects that the two contexts have given each other. Guarded by the hub's lock.</summary>
    public PeerObjects Objects { get; }

    /// <summary>Under the lock: whether calls can be sent now. A call that cannot is kept, or failed when the context is gone.</summary>
    /// <returns>The context's id; 0 if the call was kept or failed.</returns>
    public abstract uint Admit(PendingCall call);

    /// <summary>Makes what a proxy for a service over there sends its calls to.</summary>
    public CallTarget Target(RemoteContract contract, CallOptions options)
    {
        using (Hub.Enter())
        {
            if (!_counters.TryGetValue(contract.Id, out SequenceCounter? counter))
            {
                _counters.Add(contract.Id, counter = new SequenceCounter());
            }

            return new RemoteCallTarget(this, contract.Name, counter, options);
        }
    }
}

/// <summary>Numbers this context's calls on one object over there; all proxies for the object share it. Guarded by the hub's lock.</summary>
internal sealed class SequenceCounter
{
    private ulong _next;

    public ulong Take() => _next++;
}
