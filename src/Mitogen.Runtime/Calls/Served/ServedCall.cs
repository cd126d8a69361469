using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>A call that another context made here, as its stream knows it: its arguments on the way in, its answer on the way out.</summary>
/// <remarks>
/// Two hold it: the stream, until that is closed, and the gate, from the arrival of the last argument to the end of the method. A call
/// whose stream closes before its method started leaves its gate, so that nothing of it stays but its number. When both have let go, the
/// instance gives up everything and goes back to the hub's pool. All of it is guarded by the hub's lock; what a method needs that runs is set
/// before.
/// </remarks>
internal sealed class ServedCall : IStreamHandler
{
    // The bytes that are charged for a call from below, while the instance is in use. Small arguments and a small answer are part of it.
    private const int OwnBytes = MessageAssembler.FirstPiece;

    private MuxStream? _stream;
    private Phase _phase;
    private ServedRequest _request;
    private Charge _own = new(Resource.Memory);
    private ServedChain _chain;
    private MethodToken _token;
    private ServedPromise _promise;
    private bool _hasThread;
    private bool _isLost;

    public ServedCall(CallHub hub)
    {
        Hub = hub;
        Arguments = new ServedArguments(this);
        Answer = new ServedAnswer(hub);
        Running = new RunningMethod(this);
        Place = new LinkedListNode<ServedCall>(this);
    }

    private enum Phase
    {
        /// <summary>Nothing has come.</summary>
        New,

        /// <summary>The header has come: the call's number counts in its order.</summary>
        Arriving,

        /// <summary>The arguments are complete. The gate holds the call, or a promise among its arguments does.</summary>
        Waiting,

        /// <summary>The method runs.</summary>
        Running,

        /// <summary>Only the stream holds the call.</summary>
        Ended,
    }

    public CallHub Hub { get; }

    public ServedArguments Arguments { get; }

    public ServedAnswer Answer { get; }

    /// <summary>The method's run.</summary>
    public RunningMethod Running { get; }

    /// <summary>The context that calls.</summary>
    public uint Caller => _request.Caller;

    public CallHeader Header => _request.Header;

    /// <summary>When the call's time is over, of one with a timeout.</summary>
    public long? Due => _request.Due;

    /// <summary>The method; <see langword="null"/> if the program has none such.</summary>
    public RemoteMethod? Method => _request.Method;

    /// <summary>Whether the method wants a thread of its own.</summary>
    public bool IsBlocking => Method is { IsBlocking: true };

    /// <summary>Whether the method starts on the thread that the call came on: the runtime's own code, which never waits.</summary>
    public bool StartsAtOnce => Method is { } method && method != ReleaseCall.Method && Gate.Target?.Contract is ByteWriterContract;

    /// <summary>The chain that the call belongs to; zero: none.</summary>
    public ChainId Chain => _chain.Id;

    /// <summary>Whether the call is part of what its chain does here, and may go where that is.</summary>
    public bool MayJoin => _chain.MayJoin;

    /// <summary>The gate that starts the call; set when its arguments are complete.</summary>
    public CallGate Gate { get; set; } = null!;

    /// <summary>Where the call stands in its gate, while it may start. Owned by the gate.</summary>
    public LinkedListNode<ServedCall> Place { get; }

    /// <summary>Whether nobody waits for the answer any more, or the context is ending.</summary>
    public bool IsGivenUp => _token.IsCancelled;

    public void Begin(in HubLock locked, MuxStream stream) => _stream = stream;

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        HubLock locked = Hub.Held();
        if (_phase == Phase.New)
        {
            if (!ReadHeader(locked, stream, bytes))
            {
                return;
            }

            bytes = bytes[CallHeader.Size..];
        }
        else if (_phase != Phase.Arriving)
        {
            Answer.OnData(locked, isAcknowledged: end && bytes.IsEmpty);
            return;
        }

        if (!Arguments.Append(locked, stream, bytes) || (end && !Arguments.IsComplete))
        {
            Drop(locked, Arguments.IsOverBound
                ? Refusal.Full("the arguments", Hub.Options)
                : new Refusal(ResetCode.Malformed, "The arguments' length is wrong."));
        }
        else if (Arguments.IsComplete)
        {
            Arrive(locked);
        }
    }

    public void OnSent(MuxStream stream) => Answer.OnSent(Hub.Held());

    public void OnReset(MuxStream stream, ResetCode code, string message) => Cancel(Hub.Held());

    public void OnLost(MuxStream stream, DisconnectReason reason)
    {
        _isLost = true;
        Cancel(Hub.Held());
    }

    public void OnClosed(MuxStream stream) => LoseStream(Hub.Held());

    /// <summary>A promise among the arguments has been kept or broken.</summary>
    public void OnArgumentSettled(in HubLock locked, Exception? failure)
    {
        Arguments.Settle(locked, failure);
        if (!Arguments.AreUnsettled)
        {
            Hub.Served.Arrive(locked, Caller, Header, this, _request.Account);
        }
    }

    /// <summary>Whether there is a thread for a blocking method. If not, the gate is told when there is.</summary>
    public bool TryTakeThread(in HubLock locked)
    {
        if (_request.Account is { } account && !StartsAtOnce)
        {
            _hasThread = locked.Threads.TryTake(account, Gate);
            return _hasThread;
        }

        return true;
    }

    /// <summary>Whether the call's method is to run; not if the call was given up while it waited.</summary>
    public bool TryBegin(in HubLock locked)
    {
        if (IsGivenUp)
        {
            LetGo(locked);
            return false;
        }

        _phase = Phase.Running;
        return true;
    }

    /// <summary>The gate does not take the call.</summary>
    public void Refuse(in HubLock locked, ResetCode code, string why)
    {
        _phase = Phase.Ended;
        Drop(locked, new Refusal(code, why));
    }

    /// <summary>Nobody waits for the answer any more, or the context is ending.</summary>
    public void Cancel(in HubLock locked) => _token.Cancel(locked, Hub.Host);

    /// <summary>The method's token.</summary>
    public CancellationToken Token(in HubLock locked) => _token.Get(locked);

    /// <summary>Gives a call without a chain one, by which an exclusive service knows it.</summary>
    public void BeginChain(in HubLock locked) => _chain.BeginIfNone(locked);

    /// <summary>The parts that come before the end of the answer.</summary>
    public AnswerParts Parts(in HubLock locked) => Answer.Parts(locked, _stream, _request.Account);

    /// <summary>Begins the references of the result; <see langword="null"/> if nobody is there to be given an object.</summary>
    public OutgoingReferences? BeginReferences(in HubLock locked, ExclusiveGate? exclusive)
    {
        if (_stream is null)
        {
            return null;
        }

        CallEndpoint peer = Hub.Peers.Of(locked, Caller);
        peer.Objects.Charge(locked, _request.Account);
        return Answer.BeginReferences(locked, peer, exclusive);
    }

    /// <summary>Whether the caller was promised the object that the method returns.</summary>
    public bool IsPromising => _promise.Exists;

    /// <summary>The method has returned the object that the caller was promised.</summary>
    /// <returns>Whether the caller is still there to have it.</returns>
    public bool Keep(in HubLock locked, object value, RemoteContract contract) => _promise.Keep(locked, Hub, Caller, value, contract);

    /// <summary>The method has failed, and its result is not there.</summary>
    public void Break(in HubLock locked, Exception error)
    {
        Answer.TakeReferencesBack(locked);
        _promise.Break(locked, error);
    }

    /// <summary>The method has ended and its answer is written. The instance may be in use for another call when this returns.</summary>
    public void End(in HubLock locked, AnswerKind kind)
    {
        if (_stream is { } stream && !Answer.TrySend(locked, stream, kind, Method is { IsOneWay: true }, free: OwnBytes))
        {
            Drop(locked, Refusal.Full($"the answer of {Method!.Name}", Hub.Options));
        }

        LetGo(locked);
    }

    /// <summary>The method has ended without an answer. The instance may be in use for another call when this returns.</summary>
    public void EndRefused(in HubLock locked, string why)
    {
        Drop(locked, new Refusal(ResetCode.Refused, why));
        LetGo(locked);
    }

    private void Arrive(in HubLock locked)
    {
        if (Method is { TakesReferences: true })
        {
            CallEndpoint peer = Hub.Peers.Of(locked, Caller);
            peer.Objects.Charge(locked, _request.Account);
            try
            {
                Arguments.TakeReferences(locked, peer);
            }
            catch (Exception e) when (e is MemoryPackSerializationException or BoundReachedException)
            {
                Drop(locked, new Refusal(e is BoundReachedException ? ResetCode.Busy : ResetCode.Malformed, e.Message));
                return;
            }
        }

        _phase = Phase.Waiting;
        if (!Arguments.AreUnsettled)
        {
            Hub.Served.Arrive(locked, Caller, Header, this, _request.Account);
        }
    }

    private bool ReadHeader(in HubLock locked, MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        Refusal? refusal = _request.Read(locked, Hub, stream, bytes);
        if (refusal is null)
        {
            _phase = Phase.Arriving;
            _chain.Begin(locked, Header.Chain, Caller, stream.Link as Link);
            refusal = _promise.Begin(locked, Hub, _request) ?? _request.CheckSize(Hub.Options) ?? ChargeOwn(locked);
        }

        if (refusal is { } why)
        {
            Drop(locked, why);
            return false;
        }

        Arguments.Start(locked, Header.ArgumentBytes, _request.Account);
        return true;
    }

    private Refusal? ChargeOwn(in HubLock locked)
    {
        _own.Begin(_request.Account);
        Answer.Start(locked, _request.Account);
        return _request.Account is null || _own.TrySet(OwnBytes) ? null : Refusal.Full("another call", Hub.Options);
    }

    /// <summary>Ends the stream from this side.</summary>
    private void Drop(in HubLock locked, Refusal why)
    {
        MuxStream? stream = _stream;
        LoseStream(locked);
        stream?.Reset(why.Code, why.Text, default);
    }

    /// <summary>The stream is over, or let go.</summary>
    private void LoseStream(in HubLock locked)
    {
        _stream = null;
        Answer.Abandon(locked);
        if (_phase == Phase.Waiting)
        {
            Withdraw(locked);
        }

        if (_phase == Phase.Arriving)
        {
            _phase = Phase.Ended;
            if (!_isLost)
            {
                Hub.Served.Skip(locked, Caller, Header);
            }
        }

        RecycleIfFree(locked);
    }

    /// <summary>The call leaves where it waits; its number stays in the order.</summary>
    private void Withdraw(in HubLock locked)
    {
        if (Arguments.AreUnsettled)
        {
            Arguments.StopWaiting(locked);
            _phase = Phase.Arriving; // its gate has not heard of it
        }
        else
        {
            _phase = Phase.Ended;
            Gate.Withdraw(locked, Header.Sequence, this);
        }
    }

    /// <summary>The gate has done with the call.</summary>
    private void LetGo(in HubLock locked)
    {
        _phase = Phase.Ended;
        if (_hasThread)
        {
            _hasThread = false;
            locked.Threads.Give(locked, _request.Account!);
        }

        RecycleIfFree(locked);
    }

    private void RecycleIfFree(in HubLock locked)
    {
        if (_stream is null && _phase is not (Phase.Waiting or Phase.Running))
        {
            Reset(locked);
            Hub.Served.Recycle(locked, this);
        }
    }

    /// <summary>Gives up everything of this use.</summary>
    private void Reset(in HubLock locked)
    {
        Arguments.Reset(locked);
        _promise.End(locked);
        _chain.End(locked);
        Answer.Reset(locked);
        Running.Reset();
        _own.Begin(null);
        _request = default;
        _token = default;
        _hasThread = false;
        _isLost = false;
        _phase = Phase.New;
        Gate = null!; // it refers to the object that was called
    }
}
