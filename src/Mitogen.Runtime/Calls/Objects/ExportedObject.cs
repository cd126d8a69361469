using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object of this context that one other context may call: by an id that it was given, or by one that it chose for a promise.</summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class ExportedObject(CallHub hub, ulong id)
{
    private List<ServedCall>? _waiters;

    public ulong Id { get; } = id;

    /// <summary>Starts the calls on it in order; holds them while the object is only promised.</summary>
    public CallGate Gate { get; } = new(hub) { IsHeld = true };

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

    public void Resolve(object target, RemoteContract contract)
    {
        Target = target;
        Contract = contract;
        Open(new ServiceTarget(contract, () => target, hub.Host.ExclusiveGateOf(target)));
    }

    /// <summary>The call that was to return the object failed, unless it has returned it: every call on it fails in the same way.</summary>
    public void Fail(Exception failure)
    {
        if (IsPromised)
        {
            Failure = failure;
            Open(new ServiceTarget(null!, () => throw failure)); // nothing asks for the contract of what cannot be had
        }
    }

    /// <summary>Tells a call that has the promise among its arguments when that is settled.</summary>
    public void Await(ServedCall call) => (_waiters ??= []).Add(call);

    private void Open(ServiceTarget target)
    {
        Gate.Target = target;
        Gate.IsHeld = false;
        Gate.Activate();
        foreach (ServedCall call in _waiters ?? [])
        {
            call.OnArgumentSettled(Failure);
        }

        _waiters = null;
    }
}
