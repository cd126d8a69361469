using MemoryPack;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>The answer: parts that come while the call lasts, and the last one, which ends it.</content>
internal abstract partial class PendingCall
{
    // The lock is needed to give back what was charged: small answers, which are most, are not.
    private readonly MessageAssembler _answer = new(free: MessageAssembler.FirstPiece);
    private readonly byte[] _headerBytes = new byte[AnswerHeader.Size];
    private int _headerCount;
    private AnswerHeader _header;
    private IncomingPart? _part;

    /// <summary>Whether the last part is an exception.</summary>
    public bool AnswerFailed => _header.Kind == AnswerKind.Error;

    /// <summary>The last part. It is joined by who reads it, without the lock.</summary>
    public ReadOnlySpan<byte> Answer => _answer.Join();

    /// <summary>The references of the result; <see langword="null"/> where the method gives no references.</summary>
    public IncomingReferences? ResultReferences { get; private set; }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        HubLock locked = Hub.Held();
        if (end && bytes.IsEmpty && _headerCount == 0 && Parts.Method.IsOneWay)
        {
            End(locked);
            return;
        }

        while (!_ended && _stream is not null)
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

        if (end && !_ended)
        {
            Malformed(locked, "Its answer is cut short.");
        }
    }

    /// <summary>How many bytes the result has at the most; 0 where there is none.</summary>
    protected abstract int MaxResult { get; }

    /// <summary>Whether a part that is not the last one is of a kind that the method's answers have.</summary>
    protected abstract bool Expects(in HubLock locked, in AnswerHeader header);

    /// <summary>Such a part has come whole.</summary>
    protected abstract void OnPart(in HubLock locked, IncomingPart part);

    /// <summary>Whether the receiver of parts has nothing left to work on. A part that is under way may then exceed the window.</summary>
    protected abstract bool IsHungry(in HubLock locked);

    /// <summary>The bytes of a part were taken, so the other side may send more.</summary>
    public void Taken(in HubLock locked, IncomingPart part)
    {
        part.GiveBack(locked);
        Credit(part);
        if (_part is { } coming && IsHungry(locked))
        {
            Credit(coming);
        }
    }

    private void BeginAnswer()
    {
        _headerCount = 0;
        _header = default;
        ResultReferences = null;
    }

    private void EndAnswer()
    {
        if (_part is not null || _answer.IsCharged)
        {
            using (HubLock locked = Hub.Enter())
            {
                _part?.GiveBack(locked);
                _answer.GiveBack();
            }
        }

        _part = null;
        ResultReferences = null;
        _answer.Release();
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
        if (!_header.IsLast && !Expects(locked, _header))
        {
            Malformed(locked, $"A part of its answer has the kind {(byte)_header.Kind}, which the method's answers do not have.");
            return false;
        }

        if (_header.Kind == AnswerKind.Result && _header.Length > MaxResult && MaxResult < Hub.Options.MaxMessageSize)
        {
            Malformed(locked, $"Its result has {_header.Length} bytes, and the method's results have {MaxResult} at the most.");
            return false;
        }

        if (_header.Length > (_header.Kind == AnswerKind.Error ? ErrorCodec.MaxSize : Hub.Options.MaxMessageSize))
        {
            ResetStream(locked, ResetCode.TooLarge, "The answer is too large.");
            Fail(locked, new InvalidOperationException(
                $"The answer of {Parts.Describe()} has {_header.Length} bytes; the option MaxMessageSize allows {Hub.Options.MaxMessageSize}."));
            return false;
        }

        if (_header.IsLast)
        {
            _answer.Start(_header.Length, count, stream.Account);
        }
        else
        {
            _part = new IncomingPart(_header, Hub.Options, stream.Account) { Uncredited = count };
        }

        return true;
    }

    private void ReadLast(in HubLock locked, MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        if (!_answer.Append(stream, bytes) || (end && !_answer.IsComplete))
        {
            if (_answer.IsOverBound)
            {
                FailFull(locked);
                return;
            }

            Malformed(locked, "Its answer's length is wrong.");
        }
        else if (end)
        {
            TakeReferences(locked, stream);
            End(locked);
        }
    }

    private bool ReadPart(in HubLock locked, ref ReadOnlySpan<byte> bytes)
    {
        IncomingPart part = _part!;
        int count = (int)Math.Min(part.Missing, bytes.Length);
        if (!part.Append(locked, bytes[..count]))
        {
            FailFull(locked);
            return false;
        }

        bytes = bytes[count..];
        if (part.Missing > 0)
        {
            if (IsHungry(locked))
            {
                Credit(part);
            }

            return false;
        }

        _part = null;
        _headerCount = 0;
        OnPart(locked, part);
        return true;
    }

    /// <summary>The other context, and those below the same link, have as much here as they may.</summary>
    private void FailFull(in HubLock locked)
    {
        BoundReachedException error = BoundReachedException.Memory($"the answer of {Parts.Describe()}", Hub.Options);
        ResetStream(locked, ResetCode.Busy, error.Message);
        Fail(locked, error);
    }

    private void Credit(IncomingPart part)
    {
        _stream?.Consumed(part.Uncredited, part.ReadAhead);
        part.Uncredited = 0;
    }

    /// <summary>An answer that may carry references is acknowledged by the end of this side's sending.</summary>
    private void TakeReferences(in HubLock locked, MuxStream stream)
    {
        if (!Parts.Method.GivesReferences)
        {
            return;
        }

        if (!AnswerFailed)
        {
            try
            {
                Parts.Endpoint.Objects.Charge(locked, stream.Account);
                ResultReferences = new IncomingReferences(locked, Parts.Endpoint, _answer, Parts.Target.Options);
            }
            catch (BoundReachedException e)
            {
                ResetStream(locked, ResetCode.Busy, e.Message);
                Fail(locked, e);
                return;
            }
            catch (MemoryPackSerializationException e)
            {
                Malformed(locked, e.Message);
                return;
            }
        }

        _stream = null;
        stream.End();
    }
}
