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
        Releases = new ReleaseQueue(hub, this);
    }

    /// <summary>The calls of the context that calls.</summary>
    public CallHub Hub { get; }

    /// <summary>The context's id; 0 while it is not up.</summary>
    public abstract uint Id { get; }

    /// <summary>The path of the context that is called, for messages.</summary>
    public abstract string Path { get; }

    /// <summary>Of whom it may speak when a call to it fails.</summary>
    public abstract ErrorSender Sender { get; }

    /// <summary>How much of an exception that is sent to it is its own to know.</summary>
    public ErrorAudience Audience => Hub.Host.IsAbove(Id) ? ErrorAudience.Above : ErrorAudience.Below;

    /// <summary>The objects that the two contexts have given each other.</summary>
    public PeerObjects Objects { get; }

    /// <summary>Gives back what this context held of the other one's objects.</summary>
    public ReleaseQueue Releases { get; }

    /// <summary>The one-way calls to the other context that have not ended.</summary>
    public PostedCalls Posted { get; } = new();

    /// <summary>Tells of the one-way calls that ended with the other context. A pool thread does, which may run the user's loggers.</summary>
    protected void TellLostPosts(in HubLock locked)
    {
        if (Posted.TakeLost(locked, isEnding: false) is { Count: > 0 } lost)
        {
            (ICallHost host, string path) = (Hub.Host, Path);
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    foreach ((string contract, int count) in lost)
                    {
                        host.OnPostsLost(path, contract, count);
                    }
                },
                null);
        }
    }

    /// <summary>Whether calls can be sent now. A call that cannot is kept, or failed when the context is gone.</summary>
    /// <returns>The context's id; 0 if the call was kept or failed.</returns>
    public abstract uint Admit(in HubLock locked, PendingCall call);

    /// <summary>Makes what a proxy for a service over there sends its calls to.</summary>
    /// <param name="contract">The service's contract.</param>
    /// <param name="options">The options of calls by the proxy.</param>
    /// <param name="isOwn">Whether it is one of the runtime's own contracts.</param>
    public CallTarget Target(RemoteContract contract, CallOptions options, bool isOwn = false)
    {
        using (Hub.Enter())
        {
            if (!_counters.TryGetValue(contract.Id, out SequenceCounter? counter))
            {
                _counters.Add(contract.Id, counter = new SequenceCounter());
            }

            return new RemoteCallTarget(this, contract.Name, counter, options) { IsOwn = isOwn };
        }
    }
}

/// <summary>Whether a context is one of those that are meant.</summary>
internal delegate bool EndpointFilter(in HubLock locked, CallEndpoint endpoint);

/// <summary>Numbers this context's calls on one object over there; all proxies for the object share it.</summary>
internal sealed class SequenceCounter
{
    private ulong _next;

    public ulong Take(in HubLock locked) => _next++;
}
