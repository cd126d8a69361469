using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>A call that this context made: its arguments on the way out, its answer on the way in.</summary>
/// <remarks>
/// It ends exactly once, by the answer, a reset, the loss of the context, a cancellation or a deadline: whichever comes first
/// under the hub's lock.
/// </remarks>
internal abstract partial class PendingCall : IStreamHandler, IDeferred
{
    private MuxStream? _stream;

    // By which the call's chain has gone down while the call lasts, and what it is called there.
    private Link? _chainLink;
    private ChainId _chainName;
    private volatile bool _ended;
    private bool _sent;

    protected PendingCall() => Parts = new OutgoingParts();

    /// <summary>The parts of the call: its target, method and arguments.</summary>
    public OutgoingParts Parts { get; }

    /// <summary>Counts the uses of this pooled instance, so that late timers see that they are late.</summary>
    public int Generation { get; private set; }

    public Exception? Error { get; private set; }

    public bool HasEnded => _ended;

    /// <summary>Whether it was refused because the other context holds as much for this one as it may.</summary>
    public bool IsBusy { get; private set; }

    public CallHub Hub => Parts.Endpoint.Hub;

    /// <summary>Sends the call, or leaves it with its endpoint until the context is up.</summary>
    public void Send()
    {
        if (Parts.References?.Promises is { } promises)
        {
            _ = SendAfterAsync(promises, Generation);
            return;
        }

        using (Hub.Enter())
        {
            Admit();
        }
    }

    /// <summary>Whether the instance is still in the use that had this generation, and that call has not ended.</summary>
    // In this order: a new use raises the generation before it clears what is volatile.
    public bool IsPending(int generation) => !_ended && generation == Generation;

    /// <summary>Under the lock: sends the call to a context that is up.</summary>
    public void SendTo(uint context)
    {
        StreamClass slots = Parts.Class;
        if (Hub.Kernel.IsFull(context, slots))
        {
            FailAsOneTooMany();
            return;
        }

        MuxStream? stream = Hub.Kernel.Open(context, this, slots);
        if (stream is null)
        {
            Fail(new ContextLostException(Parts.Endpoint.Path, new DisconnectReason(DisconnectKind.LinkBroken, "There is no way to it any more.")));
            return;
        }

        _stream = stream;
        _sent = true;
        ChainId chain = default;
        if (Parts.Chain != default)
        {
            chain = Hub.Chains.NameOf(Parts.Chain, context, Hub.Kernel);
            if (stream.Link is Link { Role: LinkRole.Child } link)
            {
                _chainLink = link;
                _chainName = chain;
                Hub.Chains.Sent(Parts.Chain, chain, link);
            }
        }

        Parts.WriteHeader(chain);
        stream.Send(Parts.Arguments.WrittenMemory, end: !Parts.Method.GivesReferences);
        if (slots != StreamClass.Own && !stream.HoldsSlot)
        {
            Hub.Slots.Watch(Parts.Endpoint, slots);
        }

        Parts.Promised?.LetGo(null);
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

            // In this order: the call ends even if its link fails now.
            Fail(error);
            ResetStream(code, error.Message);
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

    /// <summary>Under the lock: as many calls wait already as may.</summary>
    public void FailAsOneTooMany() => Fail(new InvalidOperationException(
        $"{Parts.Describe()} is not sent: {Hub.Options.MaxWaitingStreams} calls wait already, as many as the option MaxWaitingCalls allows."));

    public void OnSent(MuxStream stream)
    {
    }

    public void OnReset(MuxStream stream, ResetCode code, string message)
    {
        Parts.TakeReferencesBack();
        IsBusy = code == ResetCode.Busy && !_ended;
        Fail(code switch
        {
            ResetCode.Unreachable => new ContextLostException(Parts.Endpoint.Path, new DisconnectReason(DisconnectKind.LinkBroken, message)),
            ResetCode.Refused => new ContextLostException(Parts.Endpoint.Path, new DisconnectReason(DisconnectKind.Disposed, message)),
            ResetCode.NotAllowed => new UnauthorizedAccessException($"{Parts.Describe()} was refused: {message}"),
            ResetCode.Busy => new InvalidOperationException($"{Parts.Describe()} was refused: {message}"),
            ResetCode.NoSuchObject => new ObjectDisposedException(Parts.Target.ToString(), $"{Parts.Describe()} was refused: {message}"),
            _ => new RemoteCallException($"{Parts.Describe()} was refused: {message}", contextPath: Parts.Endpoint.Path),
        });
    }

    public void OnLost(MuxStream stream, DisconnectReason reason) => Fail(new ContextLostException(Parts.Endpoint.Path, reason));

    public void OnClosed(MuxStream stream) => _stream = null;

    /// <summary>The call has ended: wakes the waiting thread or queues the continuation.</summary>
    public abstract void Run();

    protected void BeginUse()
    {
        Error = null;
        IsBusy = false;
        _sent = false;
        BeginAnswer();
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
        else if (!_sent && Parts.References is not null)
        {
            using (Hub.Enter())
            {
                Parts.TakeReferencesBack();
            }
        }

        EndAnswer();
        Parts.Reset();
    }

    /// <summary>Under the lock: sends the call, or leaves it with whatever it has to wait for.</summary>
    public void Admit()
    {
        if (Parts.Target is PromiseCallTarget promise && promise.Keep(this))
        {
            return;
        }

        if (Parts.Target.Failure is { } failure)
        {
            Fail(failure);
            return;
        }

        uint context = Parts.Endpoint.Admit(this);
        if (context != 0)
        {
            SendTo(context);
        }
    }

    /// <summary>A call that takes promises of other contexts, or that nobody has heard of there, is sent when they are settled.</summary>
    private async Task SendAfterAsync(IReadOnlyList<PromiseCallTarget> promises, int generation)
    {
        CallHub hub = Hub;
        Exception? failure = null;
        try
        {
            await Task.WhenAll(promises.Select(p => p.Settled)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever a promise failed with, the call fails with it
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        using (hub.Enter())
        {
            if (!IsPending(generation))
            {
                return;
            }

            if (failure is null)
            {
                Admit();
            }
            else
            {
                Fail(failure);
            }
        }
    }

    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            if (_chainLink is { } link)
            {
                _chainLink = null;
                Hub.Chains.Ended(Parts.Chain, _chainName, link);
            }

            EndPost();
            if (!_sent)
            {
                Parts.Promised?.LetGo(Error);
            }

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
        if (_sent && stream is not null)
        {
            // The callee answers for the references of a message that it got whole, and only for those.
            if (!stream.IsSent)
            {
                Parts.TakeReferencesBack();
            }

            stream.Reset(code, message, stream.IsOpened ? default : Parts.Arguments.WrittenSpan[..CallHeader.Size]);
        }
    }
}
