using Mitogen.Calls;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>A call of the simulation, from its caller's side. It knows what it must get back.</summary>
internal sealed class SimCall(SimWorld world, uint number, SimContext caller, uint callee, ulong target, int length) : IStreamHandler
{
    private readonly MessageAssembler _answer = new();
    private bool _begun;

    public uint Number { get; } = number;

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

    private byte[] _message = [];

    public void Cancel()
    {
        MuxStream? stream = Stream;
        Stream = null;
        End("cancelled");
        stream?.Reset(ResetCode.Cancelled, "", _message.AsSpan(0, CallHeader.Size));
    }

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
        world.Check(Outcome is null, $"call {Number} got data after its end ({Outcome})");
        int header = 0;
        if (!_begun)
        {
            world.Check(bytes.Length >= AnswerHeader.Size, $"the answer of call {Number} is cut short");
            uint length = AnswerHeader.Read(bytes).Length;
            _answer.Start(length, AnswerHeader.Size);
            _begun = true;
            header = AnswerHeader.Size;
        }

        world.Check(_answer.Append(stream, bytes[header..]), $"the answer of call {Number} is longer than announced");
        if (end)
        {
            world.Check(_answer.IsComplete, $"the answer of call {Number} is incomplete");
            ReadOnlySpan<byte> answer = _answer.Join();
            for (int i = 0; i < answer.Length; i++)
            {
                world.Check(answer[i] == PatternAt(~Number, i), $"byte {i} of the answer of call {Number} is wrong");
            }

            End("answered");
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message)
    {
        world.Check(
            code is ResetCode.Unreachable, $"call {Number} was reset: {code} {message}");
        End("reset");
    }

    public void OnLost(MuxStream stream, DisconnectReason reason)
    {
        world.Check(reason.Message.Length > 0, "a loss without a reason");
        End("lost");
    }

    public void OnSent(MuxStream stream)
    {
    }

    public void OnClosed(MuxStream stream) => Stream = null;

    private void End(string outcome)
    {
        world.Check(Outcome is null, $"call {Number} ended twice: {Outcome}, then {outcome}");
        Outcome = outcome;
    }
}
