using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>A call that another context made here: its arguments on the way in, its answer on the way out.</summary>
/// <remarks>
/// Two hold it: the stream, until that is closed, and the gate, from the arrival of the last argument to the end of the method.
/// What the stream calls is guarded by the hub's lock; what runs the method belongs to the thread that runs it. When both have
/// let go, the instance goes back to the hub's pool.
/// </remarks>
internal sealed partial class ServedCall(CallHub hub) : IncomingCall, IStreamHandler, IDeferred
{
    private readonly MessageAssembler _arguments = new();
    private CallBuffer _answer = new();
    private CallHeader _header;
    private long _arrived;
    private uint _caller;

    // Guarded by the hub's lock.
    private MuxStream? _stream;
    private bool _headerRead;
    private bool _ordered;
    private bool _held;
    private bool _cancelled;
    private bool _acknowledged;
    private int _unsettled;
    private CancellationTokenSource? _cancellation;
    private IncomingReferences? _references;
    private OutgoingReferences? _resultReferences;
    private ExportedObject? _promised;

    /// <summary>The chain that the call belongs to; zero: none.</summary>
    public ChainId Chain { get; private set; }

    /// <summary>What starts the call; set when its arguments are complete.</summary>
    public CallGate Gate { get; set; } = null!;

    public void Begin(MuxStream stream)
    {
        _stream = stream;
        _method = null;
        _headerRead = _ordered = _held = _cancelled = _acknowledged = false;
        _unsettled = 0;
        _cancellation = null;
        _parts = null;
        _progressCount = 0;
        _answer.MaxSize = AnswerHeader.Size + hub.Options.MaxMessageSize;
        _answer.MaxSizeOption = nameof(hub.Options.MaxMessageSize);
    }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        if (!_headerRead)
        {
            if (!ReadHeader(stream, bytes))
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
            Drop(ResetCode.Malformed, "The arguments' length is wrong.");
        }
        else if (_arguments.IsComplete)
        {
            Arrive();
        }
    }

    public void OnSent(MuxStream stream) => _parts?.OnSent();

    /// <summary>Under the lock: a promise among the arguments has been kept or broken.</summary>
    public void OnArgumentSettled(Exception? failure)
    {
        _failure ??= failure;
        if (--_unsettled == 0)
        {
            hub.Arrive(_caller, _header, this);
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message) => Cancel();

    public void OnLost(MuxStream stream, DisconnectReason reason) => Cancel();

    public void OnClosed(MuxStream stream) => Release();

    /// <summary>Under the lock: whether the call's method is to run; not if the call was given up while it waited.</summary>
    public bool Admit()
    {
        if (_cancelled)
        {
            LetGo();
        }

        return !_cancelled;
    }

    /// <summary>Under the lock: the gate does not take the call.</summary>
    public void Refuse(ResetCode code, string why)
    {
        _held = false;
        Drop(code, why);
    }

    private void Arrive()
    {
        _ordered = _held = true;
        _method = hub.FindMethod(_header);
        if (_method is { TakesReferences: true })
        {
            try
            {
                _references = new IncomingReferences(hub.EndpointOf(_caller), _arguments.Buffer.WrittenSpan, CallEndpoint.NoOptions);
            }
            catch (MemoryPackSerializationException e)
            {
                _ordered = false;
                Refuse(ResetCode.Malformed, e.Message);
                return;
            }

            _failure = _references.Failure;
            foreach (ExportedObject promised in _references.Promised)
            {
                _unsettled++;
                promised.Await(this);
            }
        }

        if (_unsettled == 0)
        {
            hub.Arrive(_caller, _header, this);
        }
    }

    private bool ReadHeader(MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CallHeader.Size)
        {
            _ordered = true;
            Drop(ResetCode.Malformed, "The call header is cut short.");
            return false;
        }

        _headerRead = true;
        _caller = stream.Peer;
        _header = CallHeader.Read(bytes);
        Chain = _header.Chain;
        _arrived = _header.DeadlineMilliseconds == 0 ? 0 : Environment.TickCount64;
        if (_header.ArgumentBytes > hub.Options.MaxMessageSize)
        {
            Drop(ResetCode.TooLarge, $"The arguments have {_header.ArgumentBytes} bytes; the option MaxMessageSize allows {hub.Options.MaxMessageSize}.");
            return false;
        }

        if (_header.Promise != 0)
        {
            _promised = hub.EndpointOf(_caller).Objects.Promise(_header.Promise);
            if (_promised is null)
            {
                Drop(ResetCode.Malformed, $"The promise {_header.Promise:x} was made before, or there are too many.");
                return false;
            }
        }

        _arguments.Start(_header.ArgumentBytes, CallHeader.Size);
        return true;
    }

    /// <summary>Ends the stream from this side: the caller broke its rules.</summary>
    private void Drop(ResetCode code, string message)
    {
        MuxStream? stream = _stream;
        Release();
        stream?.Reset(code, message, default);
    }

    /// <summary>The stream is over, or let go.</summary>
    private void Release()
    {
        _stream = null;
        _parts?.Abandon();
        if (!_acknowledged)
        {
            _resultReferences?.TakeBack();
        }

        _resultReferences = null;
        if (_headerRead && !_ordered)
        {
            _ordered = true;
            hub.Skip(_caller, _header);
        }

        RecycleIfFree();
    }

    /// <summary>The gate has done with the call.</summary>
    private void LetGo()
    {
        _held = false;
        _scope?.End();
        _scope = null;
        RecycleIfFree();
    }

    /// <summary>Under the lock: nobody waits for the answer any more, or the context is ending.</summary>
    public void Cancel()
    {
        _cancelled = true;
        if (_cancellation is { } source)
        {
            hub.Defer(new Cancellation(source, hub.Host));
        }
    }

    private void RecycleIfFree()
    {
        if (_stream is null && !_held)
        {
            _references?.Close();
            _references = null;
            _promised?.Fail(new OperationCanceledException("The call was given up."));
            _promised = null;
            _parts = null;
            _failure = null;
            _arguments.Buffer.Reset();
            _answer.Reset();
            Gate = null!; // it refers to the object that was called
            hub.Recycle(this);
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
