using Mitogen.Calls;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>A call of the simulation, from its callee's side.</summary>
internal sealed class SimServed(SimWorld world, SimContext context) : IStreamHandler
{
    private readonly MessageAssembler _arguments = new();
    private bool _headerRead;
    private bool _ordered;

    public CallHeader Header { get; private set; }

    public uint Caller { get; private set; }

    public MuxStream? Stream { get; set; }

    public bool IsGivenUp { get; private set; }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        int header = 0;
        if (!_headerRead)
        {
            world.Check(bytes.Length >= CallHeader.Size, "a call header is cut short");
            Header = CallHeader.Read(bytes);
            Caller = stream.Peer;
            world.Check(Header.Method == context.Kernel.Self, $"a call to context {Header.Method} reached context {context.Kernel.Self}");
            world.Check(world.Call(Header.DeadlineMilliseconds).Caller.Kernel.Self == Caller, "a call came in the name of another context");
            _arguments.Start(Header.ArgumentBytes, CallHeader.Size);
            _headerRead = true;
            header = CallHeader.Size;
        }

        world.Check(_arguments.Append(stream, bytes[header..]), "more arguments than announced");
        if (end)
        {
            world.Check(_arguments.IsComplete, $"the arguments of call {Header.DeadlineMilliseconds} are incomplete");
            ReadOnlySpan<byte> arguments = _arguments.Join();
            for (int i = 0; i < arguments.Length; i++)
            {
                world.Check(arguments[i] == SimCall.PatternAt(Header.DeadlineMilliseconds, i), $"byte {i} of the arguments of call {Header.DeadlineMilliseconds} is wrong");
            }

            _ordered = true;
            context.Arrive(this);
        }
    }

    /// <summary>Sends the answer.</summary>
    public void Answer(int length)
    {
        byte[] answer = new byte[AnswerHeader.Size + length];
        new AnswerHeader(AnswerKind.Result, 0, (uint)length).Write(answer);
        for (int i = 0; i < length; i++)
        {
            answer[AnswerHeader.Size + i] = SimCall.PatternAt(~Header.DeadlineMilliseconds, i);
        }

        Stream?.Send(answer);
    }

    public void OnReset(MuxStream stream, ResetCode code, string message)
    {
        world.Check(code is ResetCode.Cancelled or ResetCode.Unreachable, $"a served call was reset: {code} {message}");
        IsGivenUp = true;
    }

    public void OnLost(MuxStream stream, DisconnectReason reason) => IsGivenUp = true;

    public void OnSent(MuxStream stream)
    {
    }

    public void OnClosed(MuxStream stream)
    {
        Stream = null;
        if (_headerRead && !_ordered)
        {
            _ordered = true;
            context.Skip(Caller, Header);
        }
    }
}
