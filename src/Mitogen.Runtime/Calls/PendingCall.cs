using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>A call that this context made: its arguments on the way out, its answer on the way in.</summary>
/// <remarks>
/// It ends exactly once, by the answer, a reset, the loss of the context, a cancellation or a deadline: whichever comes first
/// under the hub's lock.
/// </remarks>
internal abstract class PendingCall : IStreamHandler, IDeferred
{
    private readonly MessageAssembler _answer = new();
    private MuxStream? _stream;
    private bool _answerBegun;
    private volatile bool _ended;
    private bool _sent;

    protected PendingCall() => Parts = new OutgoingParts();

    /// <summary>What the call is: its target, method and arguments.</summary>
    public OutgoingParts Parts { get; }

    /// <summary>Counts the uses of this pooled instance, so that late timers see that they are late.</summary>
    public int Generation { get; private set; }

    protected Exception? Error { get; private set; }

    protected bool AnswerFailed { get; private set; }

    protected ReadOnlySpan<byte> Answer => _answer.Buffer.WrittenSpan;

    protected CallHub Hub => Parts.Target.Endpoint.Hub;

    /// <summary>Sends the call, or leaves it with its endpoint until the context is up.</summary>
    public void Send()
    {
        using (Hub.Enter())
        {
            uint context = Parts.Target.Endpoint.Admit(this);
            if (context != 0)
            {
                SendTo(context);
            }
        }
    }

    /// <summary>Whether the instance is still in the use that had this generation, and that call has not ended.</summary>
    // In this order: a new use raises the generation before it clears what is volatile.
    public bool IsPending(int generation) => !_ended && generation == Generation;

    /// <summary>Under the lock: sends the call to a context that is up.</summary>
    public void SendTo(uint context)
    {
        if (Hub.Kernel.IsFull(context))
        {
            Fail(new InvalidOperationException(
                $"{Parts.Describe()} is not sent: {Hub.Options.MaxWaitingStreams} calls wait already, as many as the option MaxWaitingCalls allows."));
            return;
        }

        MuxStream? stream = Hub.Kernel.Open(context, this);
        if (stream is null)
        {
            Fail(new ContextLostException(Parts.Target.Endpoint.Path, new DisconnectReason(DisconnectKind.LinkBroken, "There is no way to it any more.")));
            return;
        }

        _stream = stream;
        _sent = true;
        Parts.WriteHeader();
        stream.Send(Parts.Arguments.WrittenMemory);
    }

    /// <summary>Ends the call from this side, unless it has ended; the callee is told.</summary>
    /// <returns>Whether this ended it.</returns>
    public bool Abandon(int generation, ResetCode code, Exception error)
    {
        using (Hub.Enter())
        {
            if (!IsPending(generation))
            {
                return false;
            }

            ResetStream(code, error.Message);
            Fail(error);
            return true;
        }
    }

    /// <summary>Under the lock: ends the call with an exception, unless it has ended.</summary>
    public void Fail(Exception error)
    {
        if (!_ended)
        {
            Error = error;
            End();
        }
    }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        int header = 0;
        if (!_answerBegun)
        {
            if (end && bytes.IsEmpty && Parts.Method.IsOneWay)
            {
                End();
                return;
            }

            if (bytes.Length < AnswerHeader.Size)
            {
                Malformed("Its answer is cut short.");
                return;
            }

            (AnswerFailed, uint length) = AnswerHeader.Read(bytes);
            if (length > (AnswerFailed ? ErrorCodec.MaxSize : Hub.Options.MaxMessageSize))
            {
                ResetStream(ResetCode.TooLarge, "The answer is too large.");
                Fail(new InvalidOperationException(
                    $"The answer of {Parts.Describe()} has {length} bytes; the option MaxMessageSize allows {Hub.Options.MaxMessageSize}."));
                return;
            }

            _answerBegun = true;
            header = AnswerHeader.Size;
            _answer.Start(length);
        }

        if (!_answer.Append(stream, bytes[header..], header) || (end && !_answer.IsComplete))
        {
            Malformed("Its answer's length is wrong.");
        }
        else if (end)
        {
            End();
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message) => Fail(code switch
    {
        ResetCode.Unreachable => new ContextLostException(Parts.Target.Endpoint.Path, new DisconnectReason(DisconnectKind.LinkBroken, message)),
        ResetCode.Refused => new ContextLostException(Parts.Target.Endpoint.Path, new DisconnectReason(DisconnectKind.Disposed, message)),
        _ => new RemoteCallException($"{Parts.Describe()} was refused: {message}", contextPath: Parts.Target.Endpoint.Path),
    });

    public void OnLost(MuxStream stream, DisconnectReason reason) => Fail(new ContextLostException(Parts.Target.Endpoint.Path, reason));

    public void OnClosed(MuxStream stream) => _stream = null;

    /// <summary>The call has ended: wakes the waiting thread or queues the continuation.</summary>
    public abstract void Run();

    protected void BeginUse()
    {
        Error = null;
        AnswerFailed = _answerBegun = _sent = false;
        _ended = false;
    }

    /// <summary>Ends this use of the instance. The stream is gone, or has let go of it.</summary>
    protected void EndUse()
    {
        Generation++;
        if (_stream is not null)
        {
            // The answer came before all arguments were sent: the rest is not wanted.
            using (Hub.Enter())
            {
                ResetStream(ResetCode.Cancelled, "");
            }
        }

        _answer.Buffer.Reset();
        Parts.Reset();
    }

    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            Hub.Defer(this);
        }
    }

    private void Malformed(string what)
    {
        ResetStream(ResetCode.Malformed, what);
        Fail(new ProtocolViolationException($"{Parts.Describe()}: {what}"));
    }

    private void ResetStream(ResetCode code, string message)
    {
        MuxStream? stream = _stream;
        _stream = null;
        if (_sent)
        {
            stream?.Reset(code, message, stream.IsOpened ? default : Parts.Arguments.WrittenSpan[..CallHeader.Size]);
        }
    }
}
