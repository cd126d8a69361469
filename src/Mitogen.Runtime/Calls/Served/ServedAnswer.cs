using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The answer to a call that came in: written by the method's thread, then sent on the stream.</summary>
/// <remarks>The buffer is the method's until it is sent, and the stream's until that is closed. All else is guarded by the hub's lock.</remarks>
internal sealed class ServedAnswer(CallHub hub)
{
    private CallBuffer _buffer = new();
    private Charge _charge = new(Resource.Memory);
    private AnswerParts? _parts;
    private OutgoingReferences? _references;
    private bool _isAcknowledged;

    /// <summary>The header of the call has come.</summary>
    public void Start(in HubLock locked, Account? account) => _charge.Begin(account);

    /// <summary>Writes a result.</summary>
    public void Write<T>(T value, ResultWriter<T> writer)
    {
        BeginResult();
        WriteData(value, writer);
        _buffer.CheckSize();
    }

    /// <summary>Writes a result that may have references to objects of this context.</summary>
    public void Write<T>(T value, ResultWriter<T> writer, OutgoingReferences references)
    {
        BeginResult();
        ReferenceScope? outer = ReferenceScope.Enter(references);
        try
        {
            WriteData(value, writer);
        }
        finally
        {
            _ = ReferenceScope.Enter(outer);
        }

        references.WriteTo(_buffer);
        _buffer.CheckSize();
    }

    /// <summary>Writes that there is no result.</summary>
    public void WriteNothing() => BeginResult();

    /// <summary>Writes an exception. Whatever the option for messages says, it has a bound of its own.</summary>
    public void Write(Exception error, ErrorAudience audience)
    {
        Begin(ErrorCodec.MaxSize);
        ErrorCodec.Write(_buffer, error, hub.Host.Path, audience);
    }

    /// <summary>Begins the references of a result.</summary>
    public OutgoingReferences BeginReferences(in HubLock locked, CallEndpoint peer, ExclusiveGate? exclusive) =>
        _references = new OutgoingReferences(peer, isResult: true, exclusive);

    /// <summary>The parts that come before the end of the answer.</summary>
    public AnswerParts Parts(in HubLock locked, MuxStream? stream, Account? account) => _parts ??= new AnswerParts(hub, stream, account);

    /// <summary>Sends the end of the answer, which the stream keeps until it is sent.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="kind">What was written.</param>
    /// <param name="isOneWay">Whether nothing of it is sent but the end.</param>
    /// <param name="free">How many bytes of it are charged to nobody.</param>
    /// <returns>Whether the caller's account has room for it.</returns>
    public bool TrySend(in HubLock locked, MuxStream stream, AnswerKind kind, bool isOneWay, int free)
    {
        if (_parts is { } parts)
        {
            parts.SendLast(locked, _buffer, kind);
            return true;
        }

        if (!_charge.TrySet(Math.Max(0, _buffer.WrittenCount - free)))
        {
            return false;
        }

        AnswerHeader.Complete(_buffer, kind);
        stream.Send(isOneWay ? default : _buffer.WrittenMemory);
        return true;
    }

    /// <summary>A part is on its way, or the end.</summary>
    public void OnSent(in HubLock locked) => _parts?.OnSent(locked);

    /// <summary>More came from the caller after its arguments: the end, if it acknowledges the answer.</summary>
    public void OnData(in HubLock locked, bool isAcknowledged) => _isAcknowledged = isAcknowledged;

    /// <summary>The stream is gone: nobody wants the parts.</summary>
    public void Abandon(in HubLock locked) => _parts?.Abandon(locked);

    /// <summary>The caller does not get the references of the result.</summary>
    public void TakeReferencesBack(in HubLock locked) => _references?.TakeBack(locked);

    /// <summary>Gives up everything of this use. References that the caller did not acknowledge are this context's again.</summary>
    public void Reset(in HubLock locked)
    {
        if (!_isAcknowledged)
        {
            TakeReferencesBack(locked);
        }

        _references = null;
        _isAcknowledged = false;
        _parts = null;
        _buffer.Reset();
        _charge.Begin(null);
    }

    private void BeginResult() => Begin(hub.Options.MaxMessageSize);

    private void Begin(int maxSize)
    {
        _buffer.Limit(AnswerHeader.Size, maxSize);
        _buffer.Begin(AnswerHeader.Size);
    }

    private void WriteData<T>(T value, ResultWriter<T> writer)
    {
        MemoryPackWriter<CallBuffer> target = new(ref _buffer, MemoryPackWriterOptionalStatePool.Rent(null));
        writer(ref target, value);
        Messages.End(ref target);
    }
}
