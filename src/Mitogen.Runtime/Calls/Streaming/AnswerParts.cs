using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// The parts of an answer on the way out. One is on its stream, a few wait behind it; who produces more waits until there is
/// room, and so for the credit of the reader.
/// </summary>
internal sealed class AnswerParts(CallHub hub)
{
    // Of parts that wait behind the one on its way.
    private const int MaxWaiting = 128 * 1024;

    // All guarded by the hub's lock.
    private readonly Queue<(CallBuffer Part, bool IsLast)> _waiting = new();
    private MuxStream? _stream;
    private CallBuffer? _current;
    private CallBuffer? _spare;
    private TaskCompletionSource? _room;
    private int _waitingBytes;

    /// <summary>Under the lock: the call begins to answer; without a stream nobody wants that.</summary>
    public void Begin(MuxStream? stream) => _stream = stream;

    /// <summary>An empty part: the header's place.</summary>
    /// <param name="size">How many bytes will follow it, if that is known.</param>
    public CallBuffer NewPart(int size = 0)
    {
        CallBuffer? part;
        using (hub.Enter())
        {
            (part, _spare) = (_spare, null);
        }

        part ??= new CallBuffer();
        part.Reset();
        part.Reserve(AnswerHeader.Size + size);
        _ = part.GetSpan(AnswerHeader.Size);
        part.Advance(AnswerHeader.Size);
        return part;
    }

    /// <summary>Sends a part after those before it.</summary>
    /// <param name="part">What <see cref="NewPart"/> gave; it is not the caller's any more.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="number">The progress parameter that it is for.</param>
    /// <returns>Completes when there is room for another part; faults if nobody wants the answer any more.</returns>
    public Task SendAsync(CallBuffer part, AnswerKind kind, byte number = 0)
    {
        Task room;
        using (hub.Enter())
        {
            room = _stream is null
                ? Task.FromException(new OperationCanceledException("Nobody waits for the answer any more."))
                : Send(part, new AnswerHeader(kind, number, (uint)(part.WrittenCount - AnswerHeader.Size)));
        }

        return room;
    }

    /// <summary>Under the lock: sends the last part after those before it.</summary>
    public void SendLast(CallBuffer part, AnswerKind kind) =>
        _ = Send(part, new AnswerHeader(kind, 0, (uint)(part.WrittenCount - AnswerHeader.Size)));

    /// <summary>Under the lock: the part on its way is sent.</summary>
    public void OnSent()
    {
        _spare ??= _current;
        _current = null;
        SendNext();
        if (_waitingBytes < MaxWaiting && _room is { } room)
        {
            _room = null;
            room.SetResult();
        }
    }

    /// <summary>Under the lock: nobody wants the answer any more.</summary>
    public void Abandon()
    {
        _stream = null;
        _waiting.Clear();
        _waitingBytes = 0;
        _room?.SetException(new OperationCanceledException("Nobody waits for the answer any more."));
        _room = null;
    }

    private Task Send(CallBuffer part, AnswerHeader header)
    {
        header.Write(part.Front(AnswerHeader.Size));
        _waiting.Enqueue((part, header.IsLast));
        _waitingBytes += part.WrittenCount;
        if (_current is null)
        {
            SendNext();
        }

        if (_waitingBytes < MaxWaiting)
        {
            return Task.CompletedTask;
        }

        // Several may wait: reports come from any thread.
        _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _room.Task;
    }

    private void SendNext()
    {
        if (_stream is { } stream && _waiting.TryDequeue(out (CallBuffer Part, bool IsLast) next))
        {
            _waitingBytes -= next.Part.WrittenCount;
            _current = next.Part;
            stream.Send(next.Part.WrittenMemory, next.IsLast);
        }
    }
}
