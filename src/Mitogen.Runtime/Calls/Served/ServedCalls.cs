using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The calls that come in: who may make them, and the gates that start them.</summary>
internal sealed class ServedCalls(CallHub hub)
{
    private const int KeptCalls = 2048;

    // All guarded by the lock. Contexts below can only call what the runtime does for them, and objects, whose gates are theirs.
    private readonly Dictionary<OrderKey, CallGate> _gates = [];
    private readonly Stack<ServedCall> _servedPool = new();
    private bool _accepting = true;

    /// <summary>Whether calls start. Until the catalog is there they arrive and wait.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Lets the calls start that have arrived.</summary>
    public void Start()
    {
        using (HubLock locked = hub.Enter())
        {
            IsServing = true;
            foreach (CallGate gate in _gates.Values)
            {
                gate.Activate(locked);
            }
        }
    }

    /// <summary>Whether the context has begun to end: calls are refused, and those that run are told to cancel.</summary>
    public bool IsEnding => !_accepting;

    /// <summary>Refuses calls from now on, and tells those that run to cancel.</summary>
    public void Stop()
    {
        using (HubLock locked = hub.Enter())
        {
            _accepting = false;
            foreach (MuxStream stream in locked.Kernel.Accepted)
            {
                (stream.Handler as ServedCall)?.Cancel(locked);
            }
        }
    }

    /// <summary>A call begins to come in.</summary>
    /// <returns>The call; <see langword="null"/> if none is taken any more.</returns>
    public ServedCall? Accept(in HubLock locked, MuxStream stream)
    {
        if (!_accepting)
        {
            return null;
        }

        ServedCall call = _servedPool.TryPop(out ServedCall? kept) ? kept : new ServedCall(hub);
        call.Begin(locked, stream);
        return call;
    }

    /// <summary>A call was given up before it was sent: only its header came.</summary>
    public void OnSkipped(in HubLock locked, uint source, ReadOnlySpan<byte> callHeader)
    {
        if (callHeader.Length < CallHeader.Size)
        {
            return;
        }

        CallHeader header = CallHeader.Read(callHeader);
        if (!IsAllowed(locked, source, header, out _))
        {
            return; // it has no place in any order
        }

        if (header.Promise != 0)
        {
            PeerObjects objects = hub.Peers.Of(locked, source).Objects;
            objects.Charge(locked, locked.Kernel.AccountOf(source));
            Promise(locked, source, objects, header.Promise)?.Fail(locked, new OperationCanceledException("The call was given up."));
        }

        Skip(locked, source, header);
    }

    /// <summary>
    /// Whether a caller may make a call, of which only the header need have come. Contexts below may call the objects that they
    /// were given and what the runtime does for them; those above may call everything.
    /// </summary>
    /// <param name="locked">The lock.</param>
    /// <param name="caller">Who calls; the routes vouch for it.</param>
    /// <param name="header">The call.</param>
    /// <param name="method">Receives its method; <see langword="null"/> if the program has none such.</param>
    public bool IsAllowed(in HubLock locked, uint caller, in CallHeader header, out RemoteMethod? method)
    {
        method = null;
        if (header.Object != 0)
        {
            if (hub.Peers.Find(locked, caller)?.Objects.Find(locked, header.Object) is not { } export)
            {
                return false;
            }

            // A promised object is asked for its contract when it is there.
            if (export.Contract is null || export.Contract.Id == header.Contract || header.Method == ReleaseCall.MethodId)
            {
                method = FindMethod(locked, header);
            }

            return true;
        }

        if (!hub.Host.MayCallService(locked, caller, header.Contract))
        {
            return false;
        }

        method = FindMethod(locked, header);
        return true;
    }

    /// <summary>Makes room for the object that a call will return.</summary>
    /// <returns>Its place; <see langword="null"/> if the id is none for a promise or was used before, or if there are too many.</returns>
    public ExportedObject? Promise(in HubLock locked, uint caller, PeerObjects objects, ulong id)
    {
        ExportedObject? promised = objects.Promise(locked, id, out bool hasRoom);
        if (!hasRoom)
        {
            Exceed(locked, caller, "has promised itself more objects");
        }

        return promised;
    }

    /// <summary>A call's arguments are complete.</summary>
    public void Arrive(in HubLock locked, uint caller, in CallHeader header, ServedCall call, Account? account)
    {
        if (GateOf(locked, caller, header) is not { } gate)
        {
            call.Refuse(locked, ResetCode.NoSuchObject, NoSuchObject(caller, header));
            return;
        }

        call.Gate = gate;
        if (!gate.Arrive(locked, header.Sequence, call, account, out bool hasRoom))
        {
            call.Refuse(locked, ResetCode.Malformed, $"Place {header.Sequence} in the order of calls was used before.");
        }
        else if (!hasRoom)
        {
            Exceed(locked, caller, "has more calls waiting for one before them");
        }
    }

    /// <summary>A call was given up before it started. Its number stays, if calls wait for it or it for others.</summary>
    public void Skip(in HubLock locked, uint caller, in CallHeader header)
    {
        if (GateOf(locked, caller, header) is { } gate)
        {
            _ = gate.Arrive(locked, header.Sequence, null, locked.Kernel.AccountOf(caller), out bool hasRoom);
            if (!hasRoom)
            {
                Exceed(locked, caller, "gave up more calls without sending the one before them");
            }
        }
    }

    /// <summary>The text about a call on a service that its caller may not call.</summary>
    public string NotAllowed(uint caller) => $"Context {caller} may not call the services of '{hub.Host.Path}': only contexts above it may.";

    /// <summary>The text about a call on an object that its caller cannot call.</summary>
    public static string NoSuchObject(uint caller, in CallHeader header) =>
        $"The object {header.Object:x} was released, or never given to context {caller}.";

    /// <summary>More waits here for a context than may: it cannot be refused, because its place in an order would be missing.</summary>
    private void Exceed(in HubLock locked, uint caller, string what)
    {
        if (locked.Kernel.AccountOf(caller) is { } account)
        {
            locked.Kernel.Exceed(account, Resource.Parked, 1, $"Context {caller} {what} than the option MaxParkedCalls ({hub.Options.MaxParkedCalls}) allows its link or branch.");
        }
    }

    /// <summary>Nobody holds the call any more.</summary>
    public void Recycle(in HubLock locked, ServedCall call)
    {
        if (_servedPool.Count < KeptCalls)
        {
            _servedPool.Push(call);
        }
    }

    /// <summary>The gate of a key; <see langword="null"/> if the object was released.</summary>
    private CallGate? GateOf(in HubLock locked, uint caller, in CallHeader header)
    {
        if (header.Object != 0)
        {
            return hub.Peers.Find(locked, caller)?.Objects.Find(locked, header.Object)?.Gate;
        }

        OrderKey key = new(caller, header.Contract, header.Object);
        if (_gates.TryGetValue(key, out CallGate? gate))
        {
            return gate;
        }

        gate = new CallGate(hub);
        _gates.Add(key, gate);
        return gate;
    }

    /// <summary>The method that a call names; <see langword="null"/> if the program has none such.</summary>
    public RemoteMethod? FindMethod(in HubLock locked, in CallHeader header) => header.Contract switch
    {
        _ when header.Object != 0 && header.Method == ReleaseCall.MethodId => ReleaseCall.Method,
        ItemsContract.Id => ItemsContract.Find(header.Method),
        StreamContract.ContractId => StreamContract.Instance.FindMethod(header.Method),
        _ => hub.Host.FindMethod(locked, header.Contract, header.Method),
    };

    /// <summary>This context's own service for a contract, for a context that may call it.</summary>
    public object ServiceFor(CallEndpoint caller, RemoteContract contract) => hub.Host.Resolve(caller.Id, contract.Id).GetInstance();

    /// <summary>A context is gone that called here.</summary>
    public void ForgetCaller(in HubLock locked, uint caller)
    {
        foreach ((OrderKey key, CallGate gate) in _gates.Where(g => g.Key.Caller == caller).ToArray())
        {
            _ = _gates.Remove(key);
            gate.Close(locked);
        }
    }
}
