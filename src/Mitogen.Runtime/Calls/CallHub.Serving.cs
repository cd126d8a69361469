using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>Calls that come in.</content>
internal sealed partial class CallHub
{
    private const int KeptCalls = 2048;

    // All under the lock.
    private readonly Dictionary<OrderKey, CallGate> _gates = [];
    private readonly Stack<ServedCall> _servedPool = new();
    private bool _accepting = true;

    /// <summary>Whether calls start. Until the catalog is there they arrive and wait.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Lets the calls start that have arrived.</summary>
    public void StartServing()
    {
        using (Enter())
        {
            IsServing = true;
            foreach (CallGate gate in _gates.Values)
            {
                gate.Activate();
            }
        }
    }

    /// <summary>Refuses calls from now on; those that run go on.</summary>
    public void StopAccepting()
    {
        using (Enter())
        {
            _accepting = false;
        }
    }

    IStreamHandler? Routing.IKernelHost.Accept(MuxStream stream)
    {
        if (!_accepting)
        {
            return null;
        }

        ServedCall call = _servedPool.TryPop(out ServedCall? kept) ? kept : new ServedCall(this);
        call.Begin(stream);
        return call;
    }

    void Routing.IKernelHost.OnSkipped(uint source, ReadOnlySpan<byte> callHeader)
    {
        if (callHeader.Length >= CallHeader.Size)
        {
            Skip(source, CallHeader.Read(callHeader));
        }
    }

    /// <summary>Under the lock: a call's arguments are complete.</summary>
    public void Arrive(uint caller, in CallHeader header, ServedCall call)
    {
        CallGate gate = GateOf(caller, header);
        call.Gate = gate;
        if (!gate.Arrive(header.Sequence, call))
        {
            call.Refuse($"Place {header.Sequence} in the order of calls was used before.");
        }
    }

    /// <summary>Under the lock: a call was given up before it started.</summary>
    public void Skip(uint caller, in CallHeader header) => _ = GateOf(caller, header).Arrive(header.Sequence, null);

    /// <summary>Under the lock: nobody holds the call any more.</summary>
    public void Recycle(ServedCall call)
    {
        if (_servedPool.Count < KeptCalls)
        {
            _servedPool.Push(call);
        }
    }

    private CallGate GateOf(uint caller, in CallHeader header)
    {
        OrderKey key = new(caller, header.Contract, header.Object);
        if (!_gates.TryGetValue(key, out CallGate? gate))
        {
            gate = new CallGate(this);
            _gates.Add(key, gate);
        }

        return gate;
    }

    private void ForgetCaller(uint caller)
    {
        foreach (OrderKey key in _gates.Keys.Where(k => k.Caller == caller).ToArray())
        {
            _ = _gates.Remove(key);
        }
    }
}
