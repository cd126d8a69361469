using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object of this context that one other context may call: by an id that it was given, or by one that it chose for a promise.</summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class ExportedObject
{
    private readonly CallHub _hub;

    // Each call once, however often it names the promise.
    private HashSet<ServedCall>? _waiters;
    private Queue<ServedCall>? _settling;

    /// <summary>A promise.</summary>
    public ExportedObject(CallHub hub, ulong id)
    {
        _hub = hub;
        Id = id;
        Gate = new CallGate(hub, isHeld: true);
    }

    /// <summary>An object that is there.</summary>
    public ExportedObject(CallHub hub, ulong id, object target, RemoteContract contract, ExclusiveGate? exclusive)
    {
        _hub = hub;
        Id = id;
        Gate = new CallGate(hub);
        Set(target, contract, exclusive);
    }

    public ulong Id { get; }

    /// <summary>Starts the calls on it in order; holds them while the object is only promised.</summary>
    public CallGate Gate { get; }

    /// <summary>The object; <see langword="null"/> while it is promised, and when the promise failed.</summary>
    public object? Target { get; private set; }

    public RemoteContract? Contract { get; private set; }

    /// <summary>Why there is no object.</summary>
    public Exception? Failure { get; private set; }

    public bool IsPromised => Target is null && Failure is null;

    /// <summary>How many references were sent and not released.</summary>
    public uint References { get; set; }

    /// <summary>Whether the object came as a result: the last release disposes it.</summary>
    public bool IsResult { get; set; }

    public void Resolve(in HubLock locked, object target, RemoteContract contract)
    {
        Set(target, contract, null);
        locked.Settled.Add(locked, this);
    }

    /// <summary>The call that was to return the object failed, unless it has returned it: every call on it fails in the same way.</summary>
    public void Fail(in HubLock locked, Exception failure)
    {
        if (IsPromised)
        {
            Failure = failure;
            Gate.Target = new ServiceTarget(null!, () => throw failure); // nothing asks for the contract of what cannot be had
            locked.Settled.Add(locked, this);
        }
    }

    /// <summary>Tells a call that has the promise among its arguments when that is settled.</summary>
    /// <returns>Whether it did not wait yet.</returns>
    public bool Await(in HubLock locked, ServedCall call) => (_waiters ??= []).Add(call);

    /// <summary>The call does not wait any more.</summary>
    public void Forget(in HubLock locked, ServedCall call) => _waiters?.Remove(call);

    /// <summary>The promise is settled: its calls start, or one of those that wait for it is told.</summary>
    /// <returns>Whether all is done.</returns>
    public bool OpenStep(in HubLock locked)
    {
        if (_settling is null)
        {
            Gate.Open(locked);
            _settling = new Queue<ServedCall>(_waiters ?? []);
        }
        else if (_settling.TryDequeue(out ServedCall? call) && _waiters!.Remove(call))
        {
            call.OnArgumentSettled(locked, Failure);
        }

        if (_settling.Count > 0)
        {
            return false;
        }

        _waiters = null;
        _settling = null;
        return true;
    }

    private void Set(object target, RemoteContract contract, ExclusiveGate? exclusive)
    {
        Target = target;
        Contract = contract;
        Gate.Target = new ServiceTarget(contract, () => target, exclusive ?? _hub.Host.ExclusiveGateOf(target));
    }
}
