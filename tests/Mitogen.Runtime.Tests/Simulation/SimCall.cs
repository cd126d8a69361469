using Mitogen.Calls;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>A call of the simulation, from its caller's side. It knows what it must get back.</summary>
internal sealed class SimCall(SimWorld world, uint number, SimContext caller, uint callee, ulong target, int length) : IStreamHandler
{
    private readonly MessageAssembler _answer = new();
    private readonly bool _isTrusted = !caller.IsTainted && !world.Tree.IsTainted(callee);
    private byte[] _message = [];
    private bool _begun;

    public uint Number { get; } = number;

    /// <summary>Whether nothing hostile is on its way: it has to end as it should.</summary>
    public bool IsTrusted => _isTrusted;

    public SimContext Caller { get; } = caller;

    public uint Callee { get; } = callee;

    public ulong Target { get; } = target;

    public int Length { get; } = length;

    public ulong Sequence { get; private set; }

    public MuxStream? Stream { get; private set; }

    /// <summary>How the call ended; null while it has not.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Whether the callee started it.</summary>
    public bool Started { get; set; }

    public static byte PatternAt(uint number, int index) => (byte)((number * 31) + (uint)(index * 7) + (uint)(index >> 8));

    public void Send()
    {
        Stream = Caller.Kernel.Open(Callee, this, StreamClass.Call);
        if (Stream is null)
        {
            End("unreachable");
            return;
        }

        Caller.Windows.Begin(Stream);
        Sequence = Caller.NextSequence(Callee, Target);
        byte[] message = new byte[CallHeader.Size + Length];
        new CallHeader(Target, 0, Sequence, default, Callee, Number, (uint)Length, 0).Write(message);
        for (int i = 0; i < Length; i++)
        {
            message[CallHeader.Size + i] = PatternAt(Number, i);
        }

        _message = message;
        Stream.Send(message);
    }

    public void Cancel() => GiveUp("cancelled", ResetCode.Cancelled);

    /// <summary>The caller's context is gone, and with it whoever waited.</summary>
    public void Abandon()
    {
        if (Outcome is null)
        {
            End("caller gone");
        }
    }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        Caller.Windows.Took(stream, bytes.Length);
        world.Check(Outcome is null, $"call {Number} got data after its end ({Outcome})");
        string? wrong = Take(stream, bytes);
        if (wrong is null && end)
        {
            wrong = CheckAnswer();
        }

        world.Check(wrong is null || !_isTrusted, $"the answer of call {Number} {wrong}");
        if (wrong is not null)
        {
            GiveUp("wrong", ResetCode.Malformed);
        }
        else if (end && !stream.IsSent)
        {
            world.Check(!_isTrusted, $"call {Number} was answered before it had come whole");
            GiveUp("answered", ResetCode.Cancelled); // the rest is not wanted
        }
        else if (end)
        {
            End("answered");
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message)
    {
        bool mayBeBusy = code == ResetCode.Busy && world.IsTight && world.Tree.IsAbove(Callee, Caller.Kernel.Self);
        world.Check(!_isTrusted || mayBeBusy || code is ResetCode.Unreachable, $"call {Number} was reset: {code} {message}");
        End(mayBeBusy ? "busy" : "reset");
    }

    public void OnLost(MuxStream stream, DisconnectReason reason)
    {
        world.Check(!_isTrusted || reason.Message.Length > 0, "a loss without a reason");
        End("lost");
    }

    public void OnSent(MuxStream stream)
    {
    }

    public void OnClosed(MuxStream stream)
    {
        Caller.Windows.End(stream);
        Stream = null;
    }

    private string? Take(MuxStream stream, ReadOnlySpan<byte> bytes)
    {
        if (!_begun)
        {
            if (bytes.Length < AnswerHeader.Size)
            {
                return "is cut short";
            }

            _answer.Start(AnswerHeader.Read(bytes).Length, AnswerHeader.Size);
            _begun = true;
            bytes = bytes[AnswerHeader.Size..];
        }

        return _answer.Append(stream, bytes) ? null : "is longer than announced";
    }

    private string? CheckAnswer()
    {
        if (!_answer.IsComplete)
        {
            return "is incomplete";
        }

        ReadOnlySpan<byte> answer = _answer.Join();
        for (int i = 0; i < answer.Length; i++)
        {
            if (answer[i] != PatternAt(~Number, i))
            {
                return $"is wrong at byte {i}";
            }
        }

        return null;
    }

    private void GiveUp(string outcome, ResetCode code)
    {
        MuxStream? stream = Stream;
        Stream = null;
        End(outcome);
        if (stream is not null)
        {
            Caller.Windows.End(stream);
            stream.Reset(code, "", _message.AsSpan(0, CallHeader.Size));
        }
    }

    private void End(string outcome)
    {
        world.Check(Outcome is null, $"call {Number} ended twice: {Outcome}, then {outcome}");
        Outcome = outcome;
    }
}
