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

        using (HubLock locked = Hub.Enter())
        {
            Admit(locked);
        }
    }

    /// <summary>Whether the instance is still in the use that had this generation, and that call has not ended.</summary>
    // In this order: a new use raises the generation before it clears what is volatile.
    public bool IsPending(int generation) => !_ended && generation == Generation;

    /// <summary>Sends the call to a context that is up.</summary>
    public void SendTo(in HubLock locked, uint context)
    {
        StreamClass slots = Parts.Class;
        if (locked.Kernel.IsFull(context, slots))
        {
            FailAsOneTooMany(locked);
            return;
        }

        MuxStream? stream = locked.Kernel.Open(context, this, slots);
        if (stream is null)
        {
            Fail(locked, new ContextLostException(Parts.Endpoint.Path, new DisconnectReason(DisconnectKind.LinkBroken, "There is no way to it any more.")));
            return;
        }

        _stream = stream;
        _sent = true;
        ChainId chain = default;
        if (Parts.Chain != default)
        {
            chain = locked.Chains.NameOf(Parts.Chain, context, locked.Kernel);
            if (stream.Link is Link { Role: LinkRole.Child } link)
            {
                _chainLink = link;
                _chainName = chain;
                locked.Chains.Sent(Parts.Chain, chain, link);
            }
        }

        Parts.WriteHeader(locked, chain);
        stream.Send(Parts.Arguments.WrittenMemory, end: !Parts.Method.GivesReferences);
        if (slots != StreamClass.Own && !stream.HoldsSlot)
        {
            locked.Slots.Watch(locked, Parts.Endpoint, slots);
        }

        Parts.Promised?.LetGo(locked, null);
    }

    /// <summary>Ends the call from this side, unless it has ended; the callee is told.</summary>
    /// <returns>Whether this ended it.</returns>
    public bool Abandon(int generation, ResetCode code, Exception error)
    {
        using (HubLock locked = Hub.Enter())
        {
            if (!IsPending(generation))
            {
                return false;
            }

            // In this order: the call ends even if its link fails now.
            Fail(locked, error);
            ResetStream(locked, code, error.Message);
            return true;
        }
    }

    /// <summary>Ends the call with an exception, unless it has ended.</summary>
    public void Fail(in HubLock locked, Exception error)
    {
        if (!_ended)
        {
            Error = error;
            End(locked);
        }
    }

    /// <summary>As many calls wait already as may.</summary>
    public void FailAsOneTooMany(in HubLock locked) => Fail(locked, new InvalidOperationException(
        $"{Parts.Describe()} is not sent: {Hub.Options.MaxWaitingStreams} calls wait already, as many as the option MaxWaitingCalls allows."));

    public void OnSent(MuxStream stream)
    {
    }

    public void OnReset(MuxStream stream, ResetCode code, string message)
    {
        HubLock locked = Hub.Held();
        Parts.TakeReferencesBack(locked);
        IsBusy = code == ResetCode.Busy && !_ended;
        Fail(locked, code switch
        {
            ResetCode.Unreachable => new ContextLostException(Parts.Endpoint.Path, new DisconnectReason(DisconnectKind.LinkBroken, message)),
            ResetCode.Refused => new ContextLostException(Parts.Endpoint.Path, new DisconnectReason(DisconnectKind.Disposed, message)),
            ResetCode.NotAllowed => new UnauthorizedAccessException($"{Parts.Describe()} was refused: {message}"),
            ResetCode.Busy => new InvalidOperationException($"{Parts.Describe()} was refused: {message}"),
            ResetCode.NoSuchObject => new ObjectDisposedException(Parts.Target.ToString(), $"{Parts.Describe()} was refused: {message}"),
            _ => new RemoteCallException($"{Parts.Describe()} was refused: {message}", contextPath: Parts.Endpoint.Path),
        });
    }

    public void OnLost(MuxStream stream, DisconnectReason reason) => Fail(Hub.Held(), new ContextLostException(Parts.Endpoint.Path, reason));

    public void OnClosed(MuxStream stream)
    {
        _ = Hub.Held();
        _stream = null;
    }

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
            using (HubLock locked = Hub.Enter())
            {
                ResetStream(locked, ResetCode.Cancelled, "");
            }
        }
        else if (!_sent && Parts.References is not null)
        {
            using (HubLock locked = Hub.Enter())
            {
                Parts.TakeReferencesBack(locked);
            }
        }

        EndAnswer();
        Parts.Reset();
    }

    /// <summary>Sends the call, or leaves it with whatever it has to wait for.</summary>
    public void Admit(in HubLock locked)
    {
        if (Parts.Target is PromiseCallTarget promise && promise.Keep(locked, this))
        {
            return;
        }

        if (Parts.Target.Failure is { } failure)
        {
            Fail(locked, failure);
            return;
        }

        uint context = Parts.Endpoint.Admit(locked, this);
        if (context != 0)
        {
            SendTo(locked, context);
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

        using (HubLock locked = hub.Enter())
        {
            if (!IsPending(generation))
            {
                return;
            }

            if (failure is null)
            {
                Admit(locked);
            }
            else
            {
                Fail(locked, failure);
            }
        }
    }

    private void End(in HubLock locked)
    {
        if (!_ended)
        {
            _ended = true;
            if (_chainLink is { } link)
            {
                _chainLink = null;
                locked.Chains.Ended(Parts.Chain, _chainName, link);
            }

            EndPost(locked);
            if (!_sent)
            {
                Parts.Promised?.LetGo(locked, Error);
            }

            locked.Defer(this);
        }
    }

    private void Malformed(in HubLock locked, string what)
    {
        ResetStream(locked, ResetCode.Malformed, what);
        Fail(locked, new ProtocolViolationException($"{Parts.Describe()}: {what}"));
    }

    private void ResetStream(in HubLock locked, ResetCode code, string message)
    {
        MuxStream? stream = _stream;
        _stream = null;
        if (_sent && stream is not null)
        {
            // The callee answers for the references of a message that it got whole, and only for those.
            if (!stream.IsSent)
            {
                Parts.TakeReferencesBack(locked);
            }

            stream.Reset(code, message, stream.IsOpened ? default : Parts.Arguments.WrittenSpan[..CallHeader.Size]);
        }
    }
}
