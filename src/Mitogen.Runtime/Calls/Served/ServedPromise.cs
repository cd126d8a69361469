using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The object that a call which came in promises its caller, if it promises one. Guarded by the hub's lock.</summary>
internal struct ServedPromise
{
    private ExportedObject? _promised;

    /// <summary>Whether there is one. It does not change while the method runs.</summary>
    public readonly bool Exists => _promised is not null;

    /// <summary>Makes room for the object.</summary>
    public Refusal? Begin(in HubLock locked, CallHub hub, in ServedRequest request)
    {
        ulong id = request.Header.Promise;
        if (id == 0)
        {
            return null;
        }

        if (request.Method is { Shape: not MethodShape.Promising })
        {
            return new Refusal(ResetCode.Malformed, $"{request.Method.Name} promises no object.");
        }

        PeerObjects objects = hub.Peers.Of(locked, request.Caller).Objects;
        objects.Charge(locked, request.Account);
        _promised = hub.Served.Promise(locked, request.Caller, objects, id);
        return _promised is null ? new Refusal(ResetCode.Malformed, $"The promise {id:x} was made before, or there are too many.") : null;
    }

    /// <summary>The method has returned the object.</summary>
    /// <returns>Whether the caller is still there to have it.</returns>
    public readonly bool Keep(in HubLock locked, CallHub hub, uint caller, object value, RemoteContract contract)
    {
        if (_promised is not { } promised || hub.Peers.Find(locked, caller)?.Objects.Find(locked, promised.Id) != promised)
        {
            return false;
        }

        hub.Objects.Hold(locked, value);
        promised.Resolve(locked, value, contract);
        return true;
    }

    /// <summary>There is no object, unless it was returned.</summary>
    public readonly void Break(in HubLock locked, Exception error) => _promised?.Fail(locked, error);

    /// <summary>The call is over, perhaps before its method ran.</summary>
    public void End(in HubLock locked)
    {
        _promised?.Fail(locked, new OperationCanceledException("The call was given up."));
        _promised = null;
    }
}
