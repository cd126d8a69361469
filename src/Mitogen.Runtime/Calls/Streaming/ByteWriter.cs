using System.Buffers.Binary;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// The bytes that are written to a stream in another context. One call asks that context to take them, and it reads them here by another.
/// For one writer at a time.
/// </summary>
/// <remarks>Nothing here refers to the <see cref="RemoteStream"/>, so that one that is forgotten can be found by its finalizer.</remarks>
internal sealed class ByteWriter : IPartProducer
{
    private const int MaxPart = 64 * 1024;

    private readonly ObjectCallTarget _target;
    private readonly Doorbell _bell = new();

    // The end of the call. Its bell is this one's, which also rings when there is room.
    private readonly PartQueue _answer;

    // All guarded by the hub's lock. The bytes that gather until there is room are the writer's own while it adds to them.
    private CallBuffer? _gathered;
    private DispatchedCall? _reader;
    private AnswerParts? _parts;
    private Exception? _failure;
    private bool _isRead;
    private bool _isClosed;
    private bool _isComplete;

    /// <summary>Makes the call.</summary>
    public ByteWriter(ObjectCallTarget target)
    {
        _target = target;
        PendingCall call = PendingCall.Begin(target, StreamContract.Write);
        try
        {
            WriteArguments(call.Parts);
        }
        catch
        {
            call.Return();
            throw;
        }

        _answer = PartQueue.Start(call, null, CancellationToken.None, _bell);
    }

    private CallHub Hub => _target.Endpoint.Hub;

    /// <summary>Blocks while the other context does not take the bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            bytes = bytes[Add(bytes, blocks: true, out _)..];
            if (bytes.IsEmpty)
            {
                return;
            }

            _answer.Wait();
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes = bytes[Add(bytes.Span, blocks: false, out ValueTask room)..];
            if (bytes.IsEmpty)
            {
                return;
            }

            using (cancellationToken.UnsafeRegister(static writer => ((ByteWriter)writer!).Ring(), this))
            {
                await room.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Blocks until everything that was written is there.</summary>
    public void End()
    {
        Complete(null);
        _ = _answer.Take();
        EndCall();
    }

    /// <summary>Waits until everything that was written is there.</summary>
    public async Task EndAsync()
    {
        Complete(null);
        _ = await _answer.TakeAsync().ConfigureAwait(false);
        EndCall();
    }

    /// <summary>Gives the writing up: what is under way fails over there, and nobody waits for that.</summary>
    public async Task GiveUpAsync(Exception error)
    {
        Complete(error);
        _ = await _answer.TakeAsync().ConfigureAwait(false);
        Close();
        _answer.Close();
    }

    /// <summary>The other context reads, by that call.</summary>
    public void SendBy(DispatchedCall reader)
    {
        AnswerParts parts = reader.Parts();
        using (HubLock locked = Hub.Enter())
        {
            if (!_isRead)
            {
                _isRead = true;
                _reader = reader;
                _parts = parts;
                if (parts.SetProducer(locked, this) && _failure is null && !_isClosed)
                {
                    Send(locked);
                }
                else
                {
                    EndReading(locked);
                }

                return;
            }
        }

        throw new InvalidOperationException("What is written to a stream is read once.");
    }

    /// <summary>The other context takes no more.</summary>
    public void Close()
    {
        using (HubLock locked = Hub.Enter())
        {
            _isClosed = true;
            _gathered = null;
            EndReading(locked);
            _bell.Ring(locked);
        }
    }

    public void OnRoom(in HubLock locked)
    {
        Send(locked);
        if (_gathered is not { } part || !IsFull(part))
        {
            _bell.Ring(locked);
        }
    }

    public void OnUnwanted(in HubLock locked) => EndReading(locked);

    /// <summary>Adds bytes as long as there is room for them. If there is too little, the writer has begun to wait.</summary>
    /// <returns>How many were added.</returns>
    private int Add(ReadOnlySpan<byte> bytes, bool blocks, out ValueTask room)
    {
        room = default;
        int added = 0;
        while (added < bytes.Length)
        {
            CallBuffer? part;
            using (HubLock locked = Hub.Enter())
            {
                if (!TryTakeGathered(locked, out part))
                {
                    if (blocks)
                    {
                        _bell.Block(locked);
                    }
                    else
                    {
                        room = _bell.Await(locked);
                    }

                    return added;
                }
            }

            if (part is null)
            {
                // Whatever ended the call ends the writing.
                _answer.ThrowIfFailed();
                throw new IOException($"{_target} does not take bytes any more: its stream was closed over there.");
            }

            int count = Math.Min(bytes.Length - added, MaxPart - part.WrittenCount);
            part.Write(bytes.Slice(added, count));
            added += count;
            using (HubLock locked = Hub.Enter())
            {
                _gathered = part;
                Send(locked);
            }
        }

        return added;
    }

    /// <summary>Takes what has gathered, to add to it.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="part">Receives it; <see langword="null"/> if the call has ended.</param>
    /// <returns>Whether nothing has to be waited for.</returns>
    private bool TryTakeGathered(in HubLock locked, out CallBuffer? part)
    {
        part = null;
        if (_answer.HasEnded(locked))
        {
            return true;
        }

        if (_isClosed || (_gathered is { } full && IsFull(full)))
        {
            return false;
        }

        (part, _gathered) = (_gathered, null);
        if (part is null)
        {
            part = new CallBuffer();
            part.Begin(AnswerHeader.Size);
        }

        return true;
    }

    /// <summary>Sends what has gathered: at once if nothing is on its way, else when it is a whole part.</summary>
    private void Send(in HubLock locked)
    {
        if (_parts is { } parts && _gathered is { } part
            && (parts.IsIdle(locked) || ((_isComplete || IsFull(part)) && parts.HasRoom(locked))))
        {
            _gathered = null;
            parts.Send(locked, part, AnswerKind.Bytes);
        }

        if (_isComplete && _gathered is null)
        {
            EndReading(locked);
        }
    }

    private void Complete(Exception? failure)
    {
        using (HubLock locked = Hub.Enter())
        {
            _isComplete = true;
            _failure = failure;
            if (failure is not null)
            {
                _gathered = null;
            }

            Send(locked);
        }
    }

    private void EndReading(in HubLock locked)
    {
        _parts = null;
        if (_reader is { } reader)
        {
            _reader = null;
            locked.Defer(new ReadEnd(reader, _failure));
        }
    }

    private void EndCall()
    {
        Close();
        try
        {
            _answer.ThrowIfFailed();
        }
        finally
        {
            _answer.Close();
        }
    }

    private void Ring()
    {
        using (HubLock locked = Hub.Enter())
        {
            _bell.Ring(locked);
        }
    }

    /// <summary>Writes what stands for a stream: its place among the references.</summary>
    private void WriteArguments(OutgoingParts parts)
    {
        OutgoingReferences references = parts.References!;
        BinaryPrimitives.WriteUInt32LittleEndian(parts.Arguments.GetSpan(sizeof(uint)), references.Write(this, ByteWriterContract.Instance));
        parts.Arguments.Advance(sizeof(uint));
        references.WriteTo(parts.Arguments);
    }

    private static bool IsFull(CallBuffer part) => part.WrittenCount == MaxPart;

    /// <summary>After the lock: the call by which the other context reads ends.</summary>
    private sealed class ReadEnd(DispatchedCall reader, Exception? failure) : IDeferred
    {
        public void Run()
        {
            if (failure is null)
            {
                reader.Return();
            }
            else
            {
                reader.Fail(failure);
            }
        }
    }
}
