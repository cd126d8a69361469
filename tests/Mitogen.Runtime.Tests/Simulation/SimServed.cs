using Mitogen.Calls;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// A call of the simulation, from its callee's side. What comes from a context that keeps the rules has to be exact; of a hostile one it is
/// checked as the real callee does, and refused.
/// </summary>
internal sealed class SimServed(SimWorld world, SimContext context) : IStreamHandler
{
    // What is charged for a call, besides its arguments and its answer.
    private const int OwnBytes = 1024;

    private readonly MessageAssembler _arguments = new();
    private Charge _own = new(Resource.Memory);
    private Charge _answered = new(Resource.Memory);
    private Account? _account;
    private bool _headerRead;
    private bool _ordered;
    private bool _isLost;
    private bool _isHeld;
    private bool _isStarted;
    private bool _hasThread;

    public CallHeader Header { get; private set; }

    public uint Caller { get; private set; }

    public MuxStream? Stream { get; private set; }

    public bool IsGivenUp { get; private set; }

    /// <summary>Whether nothing hostile is on the way.</summary>
    public bool IsTrusted { get; private set; }

    /// <summary>Who is charged for it.</summary>
    public Account? Account => _account;

    public void Begin(MuxStream stream)
    {
        Stream = stream;
        Caller = stream.Peer;
        IsTrusted = !world.Tree.IsTainted(Caller) && !context.IsTainted;
        _account = stream.Account;
        context.Windows.Begin(stream);
    }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        context.Windows.Took(stream, bytes.Length);
        if (!_headerRead)
        {
            if (!ReadHeader(bytes))
            {
                return;
            }

            bytes = bytes[CallHeader.Size..];
        }

        bool fits = _arguments.Append(stream, bytes);
        if (!fits || (end && !_arguments.IsComplete))
        {
            world.Check(!IsTrusted || (_arguments.IsOverBound && world.IsTight), $"the arguments of call {Header.TimeoutMilliseconds} are not as announced");
            Drop(_arguments.IsOverBound ? ResetCode.Busy : ResetCode.Malformed, "The arguments are not as announced, or too many.");
        }
        else if (end)
        {
            CheckArguments();
            _ordered = _isHeld = true;
            context.Arrive(this);
        }
    }

    /// <summary>Whether there is a thread for it, where it needs one.</summary>
    public bool TryTakeThread()
    {
        _hasThread = Header.Contract == SimContext.Blocking && _account?.TryTake(Resource.Threads, 1) == true;
        return _hasThread || Header.Contract != SimContext.Blocking || _account is null;
    }

    public void Start() => _isStarted = true;

    /// <summary>The method has ended: sends the answer.</summary>
    public void Answer(int length)
    {
        if (_hasThread)
        {
            _account!.Give(Resource.Threads, 1);
        }

        _isHeld = false;
        _answered.Use(_account);
        if (Stream is { } stream && _answered.TrySet(length))
        {
            byte[] answer = new byte[AnswerHeader.Size + length];
            new AnswerHeader(AnswerKind.Result, 0, (uint)length).Write(answer);
            for (int i = 0; i < length; i++)
            {
                answer[AnswerHeader.Size + i] = SimCall.PatternAt(~Header.TimeoutMilliseconds, i);
            }

            stream.Send(answer);
        }
        else if (Stream is not null)
        {
            world.Check(!IsTrusted || world.IsTight, "there is no room for an answer");
            Drop(ResetCode.Busy, "There is no room for the answer.");
        }

        FreeIfDone();
    }

    /// <summary>The gate does not take it.</summary>
    public void Refuse(ResetCode code, string why)
    {
        _isHeld = false;
        Drop(code, why);
    }

    public void OnReset(MuxStream stream, ResetCode code, string message)
    {
        world.Check(
            !IsTrusted || code is ResetCode.Cancelled or ResetCode.Unreachable, $"a served call was reset: {code} {message}");
        IsGivenUp = true;
    }

    public void OnLost(MuxStream stream, DisconnectReason reason) => IsGivenUp = _isLost = true;

    public void OnSent(MuxStream stream)
    {
    }

    public void OnClosed(MuxStream stream) => Release();

    private bool ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CallHeader.Size)
        {
            world.Check(!IsTrusted, "a call header is cut short");
            Drop(ResetCode.Malformed, "The call header is cut short.");
            return false;
        }

        Header = CallHeader.Read(bytes);
        _headerRead = true;
        if (IsTrusted)
        {
            world.Check(Header.Method == context.Kernel.Self, $"a call to context {Header.Method} reached context {context.Kernel.Self}");
            world.Check(world.Call(Header.TimeoutMilliseconds).Caller.Kernel.Self == Caller, "a call came in the name of another context");
        }

        if (!context.MayCall(Caller, Header.Contract))
        {
            world.Check(!IsTrusted, "a call was refused that was granted");
            _ordered = true; // it has no place in any order
            Drop(ResetCode.NoSuchObject, "It was never given to the caller.");
            return false;
        }

        if (Header.ArgumentBytes > context.Kernel.Options.MaxMessageSize)
        {
            world.Check(!IsTrusted, "a call is too large");
            Drop(ResetCode.TooLarge, "It is too large.");
            return false;
        }

        _own.Use(_account);
        if (!_own.TrySet(OwnBytes))
        {
            world.Check(!IsTrusted || world.IsTight, "there is no room for a call");
            Drop(ResetCode.Busy, "There is no room for another call.");
            return false;
        }

        _arguments.Start(Header.ArgumentBytes, CallHeader.Size, _account);
        return true;
    }

    private void CheckArguments()
    {
        ReadOnlySpan<byte> arguments = _arguments.Join();
        for (int i = 0; IsTrusted && i < arguments.Length; i++)
        {
            world.Check(arguments[i] == SimCall.PatternAt(Header.TimeoutMilliseconds, i), $"byte {i} of the arguments of call {Header.TimeoutMilliseconds} is wrong");
        }
    }

    private void Drop(ResetCode code, string why)
    {
        MuxStream? stream = Stream;
        Release();
        stream?.Reset(code, why, default);
    }

    /// <summary>The stream is over, or let go.</summary>
    private void Release()
    {
        IsGivenUp = true;
        if (Stream is { } stream)
        {
            context.Windows.End(stream);
            Stream = null;
        }

        if (_isHeld && !_isStarted)
        {
            _isHeld = false;
            context.Withdraw(this);
        }

        if (_headerRead && !_ordered)
        {
            _ordered = true;
            if (!_isLost)
            {
                context.Skip(Caller, Header);
            }
        }

        FreeIfDone();
    }

    private void FreeIfDone()
    {
        if (Stream is null && !_isHeld)
        {
            _arguments.GiveBack();
            _arguments.Reset();
            _answered.Clear();
            if (!world.Fault.KeepsCounts)
            {
                _own.Clear();
            }
            else if (_own.Amount > 0)
            {
                world.Fault.Count();
            }
        }
    }
}
