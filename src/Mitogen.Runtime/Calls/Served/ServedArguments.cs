using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;
using Mitogen.Telemetry;

namespace Mitogen.Calls;

/// <summary>The arguments of a call that came in: gathered on the stream, then read by the method's thread.</summary>
/// <remarks>Guarded by the hub's lock until the method runs; from then on what reads them is the method's thread.</remarks>
internal sealed class ServedArguments(ServedCall call)
{
    private readonly MessageAssembler _message = new(free: MessageAssembler.FirstPiece);
    private IncomingReferences? _references;
    private int _unsettled;

    // Owned by the thread that reads them. The bytes before the arguments are the trace context's.
    private int _traceBytes;
    private ReferenceScope? _outerScope;
    private bool _isReading;

    /// <summary>Whether all bytes have come.</summary>
    public bool IsComplete => _message.IsComplete;

    /// <summary>Whether the caller's account had no room for the bytes that came last.</summary>
    public bool IsOverBound => _message.IsOverBound;

    /// <summary>Whether a promise among them is neither kept nor broken.</summary>
    public bool AreUnsettled => _unsettled > 0;

    /// <summary>Why a promise among them was broken, if one was.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The header has come.</summary>
    public void Start(in HubLock locked, uint count, Account? account) => _message.Start(count, CallHeader.Size, account);

    /// <summary>Takes bytes.</summary>
    /// <returns>Whether the bytes are within what was announced, and within the caller's bound.</returns>
    public bool Append(in HubLock locked, MuxStream stream, ReadOnlySpan<byte> bytes) => _message.Append(stream, bytes);

    /// <summary>All bytes have come: this context answers for the references among them, and the call waits for the promises.</summary>
    /// <exception cref="MemoryPackSerializationException">The references make no sense.</exception>
    /// <exception cref="BoundReachedException">The caller has given too many objects.</exception>
    public void TakeReferences(in HubLock locked, CallEndpoint peer)
    {
        _references = new IncomingReferences(locked, peer, _message, CallEndpoint.NoOptions);
        Failure = _references.Failure;
        foreach (ExportedObject promised in _references.Promised)
        {
            _unsettled += promised.Await(locked, call) ? 1 : 0;
        }
    }

    /// <summary>A promise among them has been kept or broken.</summary>
    public void Settle(in HubLock locked, Exception? failure)
    {
        Failure ??= failure;
        _unsettled--;
    }

    /// <summary>The call does not wait for the promises any more.</summary>
    public void StopWaiting(in HubLock locked)
    {
        _unsettled = 0;
        foreach (ExportedObject own in _references!.Own)
        {
            own.Forget(locked, call);
        }
    }

    /// <summary>On the method's thread, before the reader is opened: the trace context that the message begins with.</summary>
    /// <exception cref="MemoryPackSerializationException">It makes no sense.</exception>
    public TraceFields ReadTrace()
    {
        ReadOnlySpan<byte> data = _message.Join();
        _traceBytes = TraceFields.Measure(data[..(_references?.DataBytes ?? data.Length)]);
        return TraceFields.Read(data[.._traceBytes]);
    }

    /// <summary>On the method's thread: opens the reader.</summary>
    public MemoryPackReader BeginReading()
    {
        ReadOnlySpan<byte> data = _message.Join();
        if (_references is { } references)
        {
            data = data[..references.DataBytes];
            _outerScope = ReferenceScope.Enter(references);
            _isReading = true;
        }

        return new(data[_traceBytes..], MemoryPackReaderOptionalStatePool.Rent(null));
    }

    /// <summary>On the method's thread: they were read, or cannot be.</summary>
    public void EndReading()
    {
        if (!_isReading)
        {
            return;
        }

        _isReading = false;
        _ = ReferenceScope.Enter(_outerScope);
        _outerScope = null;
        using (HubLock locked = call.Hub.Enter())
        {
            _references?.Close(locked);
        }
    }

    /// <summary>On the method's thread: large arguments were read, and nothing of them stays while the method runs.</summary>
    public void Drop()
    {
        if (_message.IsCharged)
        {
            using (call.Hub.Enter())
            {
                _message.GiveBack();
                _message.Reset();
            }
        }
    }

    /// <summary>Gives up everything of this use.</summary>
    public void Reset(in HubLock locked)
    {
        _references?.Close(locked);
        _references = null;
        _unsettled = 0;
        _outerScope = null;
        _traceBytes = 0;
        _isReading = false;
        Failure = null;
        _message.GiveBack();
        _message.Reset();
    }
}
