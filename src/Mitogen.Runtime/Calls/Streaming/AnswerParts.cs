using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// The parts of an answer on the way out. One is on its stream, a few wait behind it; who produces more waits until there is
/// room, and so for the credit of the reader.
/// </summary>
/// <param name="hub">The calls of the context that answers.</param>
/// <param name="stream">Where the answer goes; without a stream nobody wants it.</param>
internal sealed class AnswerParts(CallHub hub, MuxStream? stream)
{
    // Of parts that wait behind the one on its way.
    private const int MaxWaiting = 128 * 1024;

    // All guarded by the hub's lock.
    private readonly Queue<(CallBuffer Part, bool IsLast)> _waiting = new();
    private MuxStream? _stream = stream;
    private CallBuffer? _current;
    private CallBuffer? _spare;
    private TaskCompletionSource? _room;
    private int _waitingBytes;

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
        part.Begin(AnswerHeader.Size, size);
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
                : Send(part, kind, number, isLast: false);
        }

        return room;
    }

    /// <summary>Under the lock: sends the last part after those before it.</summary>
    public void SendLast(CallBuffer part, AnswerKind kind) =>
        _ = Send(part, kind, 0, isLast: true);

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

    private Task Send(CallBuffer part, AnswerKind kind, byte number, bool isLast)
    {
        AnswerHeader.Complete(part, kind, number);
        _waiting.Enqueue((part, isLast));
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
