using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// The parts of an answer on the way out. One is on its stream, a few wait behind it; who produces more waits until there is
/// room, and so for the credit of the reader.
/// </summary>
/// <remarks>The parts that are kept here are charged to the reader, if that is below this context.</remarks>
internal sealed class AnswerParts
{
    // Of parts that wait behind the one on its way.
    private const int MaxWaiting = 128 * 1024;

    private readonly CallHub _hub;

    // All guarded by the hub's lock.
    private readonly Queue<(CallBuffer Part, bool IsLast)> _waiting = new();
    private MuxStream? _stream;
    private CallBuffer? _current;
    private CallBuffer? _spare;
    private TaskCompletionSource? _room;
    private IPartProducer? _producer;
    private Charge _charge = new(Resource.Memory);
    private int _waitingBytes;
    private int _reserved;
    private bool _isFull;

    /// <param name="hub">The calls of the context that answers.</param>
    /// <param name="stream">Where the answer goes; without a stream nobody wants it.</param>
    /// <param name="account">Who is charged for what waits.</param>
    public AnswerParts(CallHub hub, MuxStream? stream, Account? account)
    {
        _hub = hub;
        _stream = stream;
        _charge.Begin(account);
    }

    /// <summary>An empty part: the header's place.</summary>
    /// <param name="size">How many bytes will follow it, if that is known.</param>
    public CallBuffer NewPart(int size = 0)
    {
        CallBuffer? part;
        using (HubLock locked = _hub.Enter())
        {
            _reserved = _stream is null ? 0 : size;
            if (!Charge())
            {
                EndUnread(locked);
            }

            (part, _spare) = (_spare, null);
        }

        part ??= new CallBuffer();
        part.Begin(AnswerHeader.Size, size);
        return part;
    }

    /// <summary>Sends a part after those before it.</summary>
    /// <param name="part">The part that <see cref="NewPart"/> gave; it is not the caller's any more.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="number">The progress parameter that it is for.</param>
    /// <returns>Completes when there is room for another part; faults if nobody wants the answer any more.</returns>
    public Task SendAsync(CallBuffer part, AnswerKind kind, byte number = 0)
    {
        Task room;
        using (HubLock locked = _hub.Enter())
        {
            _reserved = 0;
            room = _stream is not null && Send(locked, part, kind, number, isLast: false) ? RoomAsync(locked) : Task.FromException(Unwanted());
        }

        return room;
    }

    /// <summary>Tells of room, and of the end, on the thread that has the news.</summary>
    /// <returns>Whether somebody wants the answer.</returns>
    public bool SetProducer(in HubLock locked, IPartProducer producer)
    {
        _producer = producer;
        return _stream is not null;
    }

    /// <summary>Whether nothing is on its way.</summary>
    public bool IsIdle(in HubLock locked) => _current is null;

    /// <summary>Whether another part may wait behind the one on its way.</summary>
    public bool HasRoom(in HubLock locked) => _waitingBytes < MaxWaiting;

    /// <summary>Sends a part of the producer's after those before it.</summary>
    public void Send(in HubLock locked, CallBuffer part, AnswerKind kind) => _ = Send(locked, part, kind, 0, isLast: false);

    /// <summary>Sends the last part after those before it.</summary>
    public void SendLast(in HubLock locked, CallBuffer part, AnswerKind kind)
    {
        _reserved = 0;
        _ = Send(locked, part, kind, 0, isLast: true);
    }

    /// <summary>The part on its way is sent.</summary>
    public void OnSent(in HubLock locked)
    {
        _current?.Reset();
        _spare ??= _current;
        _current = null;
        SendNext(locked);
        _ = Charge();
        if (!HasRoom(locked))
        {
            return;
        }

        _room?.SetResult();
        _room = null;
        _producer?.OnRoom(locked);
    }

    /// <summary>Nobody wants the answer any more.</summary>
    public void Abandon(in HubLock locked)
    {
        _stream = null;
        _waiting.Clear();
        _waitingBytes = _reserved = 0;
        _current = null;
        _charge.Clear();
        _room?.SetException(Unwanted());
        _room = null;
        _producer?.OnUnwanted(locked);
    }

    private OperationCanceledException Unwanted() =>
        new(_isFull ? BoundReachedException.MemoryText("an answer", _hub.Options) : "Nobody waits for the answer any more.");

    private bool Charge() => _charge.TrySet(_reserved + _waitingBytes + (long)(_current?.WrittenCount ?? 0));

    /// <summary>The reader takes too little of what it asks for: its call ends. Whoever sends the next part is told.</summary>
    private void EndUnread(in HubLock locked)
    {
        _isFull = true;
        if (_stream is { Handler: { } handler } stream)
        {
            string why = BoundReachedException.MemoryText("an answer", _hub.Options);
            stream.Reset(ResetCode.Busy, why, default);
            handler.OnReset(stream, ResetCode.Busy, why);
            handler.OnClosed(stream);
        }
    }

    /// <returns>Whether there was room for it on the reader's account.</returns>
    private bool Send(in HubLock locked, CallBuffer part, AnswerKind kind, byte number, bool isLast)
    {
        AnswerHeader.Complete(part, kind, number);
        _waiting.Enqueue((part, isLast));
        _waitingBytes += part.WrittenCount;
        if (_current is null)
        {
            SendNext(locked);
        }

        bool isCharged = Charge();
        if (!isCharged)
        {
            EndUnread(locked);
        }

        return isCharged;
    }

    private Task RoomAsync(in HubLock locked)
    {
        if (HasRoom(locked))
        {
            return Task.CompletedTask;
        }

        // Several may wait: reports come from any thread.
        _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _room.Task;
    }

    private void SendNext(in HubLock locked)
    {
        if (_stream is { } stream && _waiting.TryDequeue(out (CallBuffer Part, bool IsLast) next))
        {
            _waitingBytes -= next.Part.WrittenCount;
            _current = next.Part;
            stream.Send(next.Part.WrittenMemory, next.IsLast);
        }
    }
}
