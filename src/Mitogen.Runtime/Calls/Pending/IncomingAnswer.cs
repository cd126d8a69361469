using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The answer to a call on its way in: parts that come while the call lasts, and the last one, which ends it.</summary>
/// <remarks>Guarded by the hub's lock until the call has ended; from then on it is its waiter's.</remarks>
internal sealed class IncomingAnswer(PendingCall call)
{
    // The lock is needed to give back what was charged: small answers, which are most, are not.
    private readonly MessageAssembler _last = new(free: MessageAssembler.FirstPiece);
    private readonly byte[] _headerBytes = new byte[AnswerHeader.Size];
    private int _headerCount;
    private AnswerHeader _header;
    private IncomingPart? _part;
    private IncomingReferences? _references;

    /// <summary>Whether nothing of it, or of its next part, has come.</summary>
    public bool IsEmpty => _headerCount == 0;

    /// <summary>Whether the last part is an exception.</summary>
    public bool IsError => _header.Kind == AnswerKind.Error;

    /// <summary>The last part. It is joined by who reads it, without the lock.</summary>
    public ReadOnlySpan<byte> Last => _last.Join();

    /// <summary>Whether something is charged that <see cref="GiveBack"/> gives back.</summary>
    public bool IsCharged => _part is not null || _last.IsCharged;

    /// <summary>Takes bytes that came, and maybe the end.</summary>
    public void Append(in HubLock locked, MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        while (call.IsReceiving)
        {
            if (_headerCount < AnswerHeader.Size && !ReadHeader(locked, stream, ref bytes))
            {
                break;
            }

            if (_header.IsLast)
            {
                ReadLast(locked, stream, bytes, end);
                return;
            }

            if (!ReadPart(locked, ref bytes))
            {
                break;
            }
        }

        if (end && !call.HasEnded)
        {
            RefuseMalformed(locked, "Its answer is cut short.");
        }
    }

    /// <summary>The bytes of a part were taken, so the other side may send more.</summary>
    public void Taken(in HubLock locked, IncomingPart part)
    {
        part.GiveBack(locked);
        Credit(locked, part);
        if (_part is { } coming && IsHungry(locked))
        {
            Credit(locked, coming);
        }
    }

    /// <summary>Reads the result, which may run user code.</summary>
    public T Read<T>(ResultReader<T> reader)
    {
        if (_references is not { } references)
        {
            return ReadData(Last, reader);
        }

        ReferenceScope? outer = ReferenceScope.Enter(references);
        try
        {
            return ReadData(Last[..references.DataBytes], reader);
        }
        finally
        {
            _ = ReferenceScope.Enter(outer);
            using (HubLock locked = call.Hub.Enter())
            {
                references.Close(locked);
            }
        }
    }

    /// <summary>Nothing is charged for the answer any more.</summary>
    public void GiveBack(in HubLock locked)
    {
        _part?.GiveBack(locked);
        _part = null;
        _last.GiveBack();
    }

    /// <summary>Gives up everything, when what was charged is given back.</summary>
    public void Reset()
    {
        _last.Reset();
        _headerCount = 0;
        _header = default;
        _references = null;
    }

    private T ReadData<T>(ReadOnlySpan<byte> data, ResultReader<T> reader)
    {
#pragma warning disable CA1031 // the library's formatters fail in many ways on bytes that are not theirs, and the user's types in their own
        try
        {
            return Messages.Read(data, reader);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The result of {call.Parts.Describe()} cannot be read: {e.Message}", e);
        }
#pragma warning restore CA1031
    }

    private bool ReadHeader(in HubLock locked, MuxStream stream, ref ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(AnswerHeader.Size - _headerCount, bytes.Length);
        if (count == AnswerHeader.Size)
        {
            _header = AnswerHeader.Read(bytes);
            _headerCount = count;
        }
        else
        {
            bytes[..count].CopyTo(_headerBytes.AsSpan(_headerCount));
            _headerCount += count;
            if (_headerCount < AnswerHeader.Size)
            {
                stream.Consumed(count, 1);
                return false;
            }

            _header = AnswerHeader.Read(_headerBytes);
        }

        bytes = bytes[count..];
        if (!CheckHeader(locked))
        {
            return false;
        }

        if (_header.IsLast)
        {
            _last.Start(_header.Length, count, stream.Account);
        }
        else
        {
            _part = new IncomingPart(_header, call.Hub.Options, stream.Account) { Uncredited = count };
        }

        return true;
    }

    private bool CheckHeader(in HubLock locked)
    {
        int bound = call.Hub.Options.MaxMessageSize;
        if (!_header.IsLast && !IsExpected())
        {
            RefuseMalformed(locked, $"A part of its answer has the kind {(byte)_header.Kind}, which the method's answers do not have.");
            return false;
        }

        if (_header.Kind == AnswerKind.Result && call.Waiter!.MaxResult is var most && _header.Length > most && most < bound)
        {
            RefuseMalformed(locked, $"Its result has {_header.Length} bytes, and the method's results have {most} at the most.");
            return false;
        }

        if (_header.Length > (IsError ? ErrorCodec.MaxSize : bound))
        {
            call.RefuseAnswer(locked, ResetCode.TooLarge, "The answer is too large.", new InvalidOperationException(
                Messages.TooLarge($"The answer of {call.Parts.Describe()}", _header.Length, call.Hub.Options)));
            return false;
        }

        return true;
    }

    /// <summary>Whether a part that is not the last one is of a kind that the method's answers have.</summary>
    private bool IsExpected() => _header.Kind == AnswerKind.Report
        ? call.Reports is { } reports && _header.Number < reports.Count
        : call.Waiter!.Expects(_header.Kind);

    private bool ReadPart(in HubLock locked, ref ReadOnlySpan<byte> bytes)
    {
        IncomingPart part = _part!;
        int count = (int)Math.Min(part.Missing, bytes.Length);
        if (!part.Append(locked, bytes[..count]))
        {
            RefuseFull(locked);
            return false;
        }

        bytes = bytes[count..];
        if (part.Missing > 0)
        {
            if (IsHungry(locked))
            {
                Credit(locked, part);
            }

            return false;
        }

        _part = null;
        _headerCount = 0;
        if (part.Kind == AnswerKind.Report)
        {
            call.Reports!.Add(locked, part);
        }
        else
        {
            call.Waiter!.OnPart(locked, part);
        }

        return true;
    }

    private void ReadLast(in HubLock locked, MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        if (!_last.Append(stream, bytes) || (end && !_last.IsComplete))
        {
            if (_last.IsOverBound)
            {
                RefuseFull(locked);
                return;
            }

            RefuseMalformed(locked, "Its answer's length is wrong.");
        }
        else if (end && TakeReferences(locked, stream))
        {
            call.Complete(locked, acknowledges: call.Parts.Method.GivesReferences);
        }
    }

    private bool TakeReferences(in HubLock locked, MuxStream stream)
    {
        if (!call.Parts.Method.GivesReferences || IsError)
        {
            return true;
        }

        try
        {
            call.Parts.Endpoint.Objects.Charge(locked, stream.Account);
            _references = new IncomingReferences(locked, call.Parts.Endpoint, _last, call.Parts.Target.Options);
            return true;
        }
        catch (BoundReachedException e)
        {
            call.RefuseAnswer(locked, ResetCode.Busy, e.Message, e);
        }
        catch (MemoryPackSerializationException e)
        {
            RefuseMalformed(locked, e.Message);
        }

        return false;
    }

    /// <summary>Whether the receiver of parts has nothing left to work on. A part that is under way may then exceed the window.</summary>
    private bool IsHungry(in HubLock locked) => call.Waiter?.IsHungry(locked) ?? true;

    private void Credit(in HubLock locked, IncomingPart part)
    {
        call.Consumed(locked, part.Uncredited, part.ReadAhead);
        part.Uncredited = 0;
    }

    /// <summary>The other context, and those below the same link, have as much here as they may.</summary>
    private void RefuseFull(in HubLock locked)
    {
        BoundReachedException error = BoundReachedException.Memory($"the answer of {call.Parts.Describe()}", call.Hub.Options);
        call.RefuseAnswer(locked, ResetCode.Busy, error.Message, error);
    }

    private void RefuseMalformed(in HubLock locked, string what) =>
        call.RefuseAnswer(locked, ResetCode.Malformed, what, new ProtocolBrokenException($"{call.Parts.Describe()}: {what}"));
}
