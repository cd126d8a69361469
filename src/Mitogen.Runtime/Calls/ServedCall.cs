using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>A call that another context made here: its arguments on the way in, its answer on the way out.</summary>
/// <remarks>
/// Two hold it: the stream, until that is closed, and the gate, from the arrival of the last argument to the end of the method. A call
/// whose stream closes before its method started leaves its gate, so that nothing of it stays but its number.
/// Members that the stream calls are guarded by the hub's lock; those that run the method belong to the thread that runs it. When both have
/// let go, the instance goes back to the hub's pool.
/// </remarks>
internal sealed partial class ServedCall(CallHub hub) : IncomingCall, IStreamHandler, IDeferred, IExclusiveEntry
{
    // The bytes that are charged for a call from below, while the instance is in use. Small arguments and a small answer are part of it.
    private const int OwnBytes = MessageAssembler.FirstPiece;

    private readonly MessageAssembler _arguments = new(free: MessageAssembler.FirstPiece);
    private CallBuffer _answer = new();
    private CallHeader _header;
    private long _arrived;
    private uint _caller;

    // Guarded by the hub's lock.
    private MuxStream? _stream;
    private LinkedListNode<ServedCall>? _place;
    private Account? _account;
    private Charge _own = new(Resource.Memory);
    private Charge _answered = new(Resource.Memory);
    private bool _headerRead;
    private bool _ordered;
    private bool _held;
    private bool _started;
    private bool _hasThread;
    private bool _cancelled;
    private bool _isLost;
    private bool _acknowledged;
    private bool _standsForOther;
    private int _unsettled;
    private CancellationTokenSource? _cancellation;
    private IncomingReferences? _references;
    private OutgoingReferences? _resultReferences;
    private ExportedObject? _promised;

    /// <summary>Of which contexts an exception that the caller passes may speak.</summary>
    public ErrorSender Sender
    {
        get
        {
            using (HubLock locked = hub.Enter())
            {
                return hub.EndpointOf(locked, _caller).Sender;
            }
        }
    }

    /// <summary>The chain that the call belongs to; zero: none.</summary>
    public ChainId Chain { get; private set; }

    /// <summary>Whether the call is part of what its chain does here, and may go where that is.</summary>
    public bool MayJoin { get; private set; }

    /// <summary>The gate that starts the call; set when its arguments are complete.</summary>
    public CallGate Gate { get; set; } = null!;

    /// <summary>Where the call stands in its gate, while it may start. Owned by the gate.</summary>
    public LinkedListNode<ServedCall> Place => _place ??= new(this);

    /// <summary>Whether nobody waits for the answer any more. Guarded by the hub's lock.</summary>
    public bool IsGivenUp => _cancelled;

    public void Begin(MuxStream stream)
    {
        _stream = stream;
        _method = null;
        _headerRead = _ordered = _held = _started = _hasThread = _cancelled = _isLost = _acknowledged = false;
        _unsettled = 0;
        _cancellation = null;
        _parts = null;
        _progressCount = 0;
        _answer.MaxSize = AnswerHeader.Size + hub.Options.MaxMessageSize;
        _answer.MaxSizeOption = nameof(hub.Options.MaxMessageSize);
    }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        HubLock locked = hub.Held();
        if (!_headerRead)
        {
            if (!ReadHeader(locked, stream, bytes))
            {
                return;
            }

            bytes = bytes[CallHeader.Size..];
        }
        else if (_ordered)
        {
            _acknowledged = end && bytes.IsEmpty;
            return;
        }

        if (!_arguments.Append(stream, bytes) || (end && !_arguments.IsComplete))
        {
            if (_arguments.IsOverBound)
            {
                DropFull(locked, "the arguments");
                return;
            }

            Drop(locked, ResetCode.Malformed, "The arguments' length is wrong.");
        }
        else if (_arguments.IsComplete)
        {
            Arrive(locked);
        }
    }

    public void OnSent(MuxStream stream) => _parts?.OnSent(hub.Held());

    /// <summary>A promise among the arguments has been kept or broken.</summary>
    public void OnArgumentSettled(in HubLock locked, Exception? failure)
    {
        _failure ??= failure;
        if (--_unsettled == 0)
        {
            hub.Arrive(locked, _caller, _header, this, _account);
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message) => Cancel(hub.Held());

    public void OnLost(MuxStream stream, DisconnectReason reason)
    {
        _isLost = true;
        Cancel(hub.Held());
    }

    public void OnClosed(MuxStream stream) => Release(hub.Held());

    /// <summary>Whether there is a thread for a blocking method. If not, the gate is told when there is.</summary>
    public bool TryTakeThread(in HubLock locked)
    {
        if (_account is { } account)
        {
            _hasThread = locked.Threads.TryTake(account, Gate);
            return _hasThread;
        }

        return true;
    }

    /// <summary>Whether the call's method is to run; not if the call was given up while it waited.</summary>
    public bool Admit(in HubLock locked)
    {
        if (_cancelled)
        {
            LetGo(locked);
            return false;
        }

        _started = true;
        return true;
    }

    /// <summary>The gate does not take the call.</summary>
    public void Refuse(in HubLock locked, ResetCode code, string why)
    {
        _held = false;
        Drop(locked, code, why);
    }

    private void Arrive(in HubLock locked)
    {
        _ordered = _held = true;
        if (_method is { TakesReferences: true })
        {
            CallEndpoint peer = hub.EndpointOf(locked, _caller);
            peer.Objects.Charge(locked, _account);
            try
            {
                _references = new IncomingReferences(locked, peer, _arguments, CallEndpoint.NoOptions);
            }
            catch (Exception e) when (e is MemoryPackSerializationException or BoundReachedException)
            {
                _ordered = false;
                Refuse(locked, e is BoundReachedException ? ResetCode.Busy : ResetCode.Malformed, e.Message);
                return;
            }

            _failure = _references.Failure;
            foreach (ExportedObject promised in _references.Promised)
            {
                _unsettled += promised.Await(locked, this) ? 1 : 0;
            }
        }

        if (_unsettled == 0)
        {
            hub.Arrive(locked, _caller, _header, this, _account);
        }
    }

    private bool ReadHeader(in HubLock locked, MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CallHeader.Size)
        {
            _ordered = true;
            Drop(locked, ResetCode.Malformed, "The call header is cut short.");
            return false;
        }

        _headerRead = true;
        _caller = stream.Peer;
        _account = stream.Account;
        _header = CallHeader.Read(bytes);
        if (!hub.IsAllowed(locked, _caller, _header, out _method))
        {
            _ordered = true; // it has no place in any order
            Drop(
                locked,
                _header.Object == 0 ? ResetCode.NotAllowed : ResetCode.NoSuchObject,
                _header.Object == 0 ? hub.NotAllowed(_caller) : CallHub.NoSuchObject(_caller, _header));
            return false;
        }

        ReadChain(locked, stream.Link as Link);
        _arrived = _header.TimeoutMilliseconds == 0 ? 0 : Environment.TickCount64;
        if (!TakePromise(locked) || !CheckSize(locked) || !ChargeOwn(locked))
        {
            return false;
        }

        _arguments.Start(_header.ArgumentBytes, CallHeader.Size, _account);
        return true;
    }

    /// <summary>
    /// Who knows a chain's number was called in it, and need not be in it still. So a chain that comes from below joins what is at work here
    /// only where a call of it is under way down there. One that began down there goes on under a name of this context's own, and has its
    /// own again when it comes back to the caller.
    /// </summary>
    private void ReadChain(in HubLock locked, Link? from)
    {
        Chain = _header.Chain;
        MayJoin = true;
        if (from is not { Role: LinkRole.Child })
        {
            return;
        }

        ChainId joined = default;
        MayJoin = Chain != default && locked.Chains.MayComeBack(Chain, from, out joined);
        _standsForOther = !MayJoin && Chain != default && locked.Kernel.RouteTo(Chain.Context) == from;
        Chain = MayJoin ? joined : _standsForOther ? locked.Chains.Begin(Chain, _caller) : default;
    }

    private bool CheckSize(in HubLock locked)
    {
        if (_header.ArgumentBytes > hub.Options.MaxMessageSize)
        {
            Drop(locked, ResetCode.TooLarge, $"The arguments have {_header.ArgumentBytes} bytes; the option MaxMessageSize allows {hub.Options.MaxMessageSize}.");
            return false;
        }

        if (_method is { } method && _header.ArgumentBytes > method.MaxArgumentBytes)
        {
            Drop(locked, ResetCode.TooLarge, $"The arguments have {_header.ArgumentBytes} bytes; {method.Name} takes {method.MaxArgumentBytes}.");
            return false;
        }

        return true;
    }

    private bool ChargeOwn(in HubLock locked)
    {
        _own.Begin(_account);
        _answered.Begin(_account);
        if (_account is not null && !_own.TrySet(OwnBytes))
        {
            DropFull(locked, "another call");
            return false;
        }

        return true;
    }

    private bool TakePromise(in HubLock locked)
    {
        if (_header.Promise == 0)
        {
            return true;
        }

        if (_method is { Shape: not MethodShape.Promising })
        {
            Drop(locked, ResetCode.Malformed, $"{_method.Name} promises no object.");
            return false;
        }

        PeerObjects objects = hub.EndpointOf(locked, _caller).Objects;
        objects.Charge(locked, _account);
        _promised = hub.Promise(locked, _caller, objects, _header.Promise);
        if (_promised is null)
        {
            Drop(locked, ResetCode.Malformed, $"The promise {_header.Promise:x} was made before, or there are too many.");
        }

        return _promised is not null;
    }

    private void DropFull(in HubLock locked, string what) => Drop(locked, ResetCode.Busy, BoundReachedException.MemoryText(what, hub.Options));

    /// <summary>Ends the stream from this side.</summary>
    private void Drop(in HubLock locked, ResetCode code, string message)
    {
        MuxStream? stream = _stream;
        Release(locked);
        stream?.Reset(code, message, default);
    }

    /// <summary>The stream is over, or let go.</summary>
    private void Release(in HubLock locked)
    {
        _stream = null;
        _parts?.Abandon(locked);
        if (!_acknowledged)
        {
            _resultReferences?.TakeBack(locked);
        }

        _resultReferences = null;
        if (_held && !_started)
        {
            Withdraw(locked);
        }

        if (_headerRead && !_ordered)
        {
            _ordered = true;
            if (!_isLost)
            {
                hub.Skip(locked, _caller, _header);
            }
        }

        RecycleIfFree(locked);
    }

    /// <summary>The call leaves where it waits; its number stays in the order.</summary>
    private void Withdraw(in HubLock locked)
    {
        _held = false;
        if (_unsettled == 0)
        {
            Gate.Withdraw(locked, _header.Sequence, this);
            return;
        }

        _unsettled = 0;
        _ordered = false;
        foreach (ExportedObject own in _references!.Own)
        {
            own.Forget(locked, this);
        }
    }

    /// <summary>The gate has done with the call.</summary>
    private void LetGo(in HubLock locked)
    {
        _held = false;
        _scope?.End();
        _scope = null;
        if (_hasThread)
        {
            _hasThread = false;
            locked.Threads.Give(locked, _account!);
        }

        RecycleIfFree(locked);
    }

    /// <summary>Nobody waits for the answer any more, or the context is ending.</summary>
    public void Cancel(in HubLock locked)
    {
        _cancelled = true;
        if (_cancellation is { } source)
        {
            locked.Defer(new Cancellation(source, hub.Host));
        }
    }

    private void RecycleIfFree(in HubLock locked)
    {
        if (_stream is null && !_held)
        {
            _references?.Close(locked);
            _references = null;
            _promised?.Fail(locked, new OperationCanceledException("The call was given up."));
            _promised = null;
            if (_standsForOther)
            {
                _standsForOther = false;
                locked.Chains.Forget(Chain);
            }

            _parts = null;
            _failure = null;
            _arguments.GiveBack();
            _arguments.Release();
            _answer.Reset();
            _answered.Clear();
            _own.Clear();
            Gate = null!; // it refers to the object that was called
            hub.Recycle(locked, this);
        }
    }

    /// <summary>A pool thread tells the method that nobody waits for its answer.</summary>
    private sealed class Cancellation(CancellationTokenSource source, ICallHost host) : IDeferred, IThreadPoolWorkItem
    {
        public void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        public void Execute()
        {
            try
            {
                source.Cancel();
            }
            catch (AggregateException e)
            {
                host.OnCallbackFailed(e);
            }
        }
    }
}
