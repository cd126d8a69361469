using System.Runtime.InteropServices;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>Calls that come in.</content>
internal sealed partial class CallHub
{
    private const int KeptCalls = 2048;

    // A program has some dozens of contracts; a hostile child can name any number.
    private const int MaxGates = 16 * 1024;

    // All under the lock.
    private readonly Dictionary<OrderKey, CallGate> _gates = [];
    private readonly Dictionary<uint, int> _gateCounts = [];
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

    /// <summary>Whether the context has begun to end: calls are refused, and those that run are told to cancel.</summary>
    public bool IsEnding => !_accepting;

    /// <summary>Refuses calls from now on, and tells those that run to cancel.</summary>
    public void StopAccepting()
    {
        using (Enter())
        {
            _accepting = false;
            foreach (MuxStream stream in Kernel.Accepted)
            {
                (stream.Handler as ServedCall)?.Cancel();
            }
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
        if (GateOf(caller, header) is not { } gate)
        {
            call.Refuse(
                header.Object == 0 ? ResetCode.Malformed : ResetCode.NoSuchObject,
                header.Object == 0
                    ? $"More than {MaxGates} contracts of this context are called from one other."
                    : $"The object {header.Object:x} was released, or never given to context {caller}.");
            return;
        }

        call.Gate = gate;
        if (!gate.Arrive(header.Sequence, call))
        {
            call.Refuse(ResetCode.Malformed, $"Place {header.Sequence} in the order of calls was used before.");
        }
    }

    /// <summary>Under the lock: a call was given up before it started.</summary>
    /// <exception cref="ProtocolViolationException">More calls wait for one before them than may be on their way at all.</exception>
    public void Skip(uint caller, in CallHeader header)
    {
        if (header.Promise != 0)
        {
            EndpointOf(caller).Objects.Promise(header.Promise)?.Fail(new OperationCanceledException("The call was given up."));
        }

        if (GateOf(caller, header) is not { } gate)
        {
            return;
        }

        _ = gate.Arrive(header.Sequence, null);
        if (gate.Parked > Options.MaxWaitingStreams + (2 * Options.MaxOpenStreams))
        {
            throw new ProtocolViolationException(
                $"Context {caller} gave up {gate.Parked} calls without sending the one before them; " +
                "the options MaxWaitingCalls and MaxOpenStreams allow no more.");
        }
    }

    /// <summary>Under the lock: nobody holds the call any more.</summary>
    public void Recycle(ServedCall call)
    {
        if (_servedPool.Count < KeptCalls)
        {
            _servedPool.Push(call);
        }
    }

    /// <summary>The gate of a key; <see langword="null"/> when the caller has as many as it may have.</summary>
    private CallGate? GateOf(uint caller, in CallHeader header)
    {
        if (header.Object != 0)
        {
            return EndpointOf(caller).Objects.Find(header.Object)?.Gate;
        }

        OrderKey key = new(caller, header.Contract, header.Object);
        if (_gates.TryGetValue(key, out CallGate? gate))
        {
            return gate;
        }

        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_gateCounts, caller, out _);
        if (count >= MaxGates)
        {
            return null;
        }

        count++;
        gate = new CallGate(this);
        _gates.Add(key, gate);
        return gate;
    }

    /// <summary>The method that a call names; <see langword="null"/> if the program has none such.</summary>
    public RemoteMethod? FindMethod(in CallHeader header) => header.Contract switch
    {
        _ when header.Object != 0 && header.Method == ReleaseCall.MethodId => ReleaseCall.Method,
        ItemsContract.Id => ItemsContract.Find(header.Method),
        StreamContract.ContractId => StreamContract.Instance.FindMethod(header.Method),
        _ => _host.FindMethod(header.Contract, header.Method),
    };

    private void ForgetCaller(uint caller)
    {
        _ = _gateCounts.Remove(caller);
        foreach (OrderKey key in _gates.Keys.Where(k => k.Caller == caller).ToArray())
        {
            _ = _gates.Remove(key);
        }
    }
}
