using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>A call that this context made, as its stream knows it: its arguments on the way out, its answer on the way in.</summary>
/// <remarks>
/// It ends exactly once, by the answer, a reset, the loss of the context, a cancellation or a timeout: whichever comes first
/// under the hub's lock. Its <see cref="Waiter"/> is told, takes the outcome, and gives the instance back.
/// </remarks>
internal sealed class PendingCall : IStreamHandler, IDeferred
{
    private readonly IncomingAnswer _answer;
    private MuxStream? _stream;
    private ChainPassage _passage;
    private volatile bool _ended = true;
    private bool _sent;

    private PendingCall() => _answer = new IncomingAnswer(this);

    /// <summary>The parts of the call: its target, method and arguments.</summary>
    public OutgoingParts Parts { get; } = new();

    /// <summary>The answer, for who waits for it.</summary>
    public IncomingAnswer Answer => _answer;

    /// <summary>Who waits for the end; set before the call is sent.</summary>
    public CallWaiter? Waiter { get; set; }

    /// <summary>The progress parameters; <see langword="null"/> where the call has none.</summary>
    public ProgressReports? Reports { get; set; }

    /// <summary>Counts the uses of this pooled instance, so that late timers see that they are late.</summary>
    public int Generation { get; private set; }

    public Exception? Error { get; private set; }

    public bool HasEnded => _ended;

    /// <summary>Whether more of the answer is wanted. Guarded by the hub's lock.</summary>
    public bool IsReceiving => !_ended && _stream is not null;

    /// <summary>The link that the answer comes by, if a thread may read it for the answer; a guess that nothing depends on.</summary>
    public ILentLink? Way => _stream?.Link.Driver as ILentLink;

    /// <summary>Whether it was refused because the other context holds as much for this one as it may.</summary>
    public bool IsBusy { get; private set; }

    public CallHub Hub => Parts.Endpoint.Hub;

    /// <summary>Begins a call, which belongs to this thread until it is sent.</summary>
    /// <param name="target">The target of the call.</param>
    /// <param name="method">Its method.</param>
    /// <param name="inScope">Whether the call belongs to the one that this code runs for, if there is one.</param>
    public static PendingCall Begin(RemoteCallTarget target, RemoteMethod method, bool inScope = true)
    {
        PendingCall call = Pool<PendingCall>.TryRent() ?? new PendingCall();
        call.Parts.Set(target, method, inScope);
        call._ended = false;
        return call;
    }

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
    // In this order: the end of a use raises the generation before the next one clears what is volatile.
    public bool IsPending(int generation) => !_ended && generation == Generation;

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
        Parts.WriteHeader(locked, Parts.Chain == default ? default : _passage.Begin(locked, Parts.Chain, context, stream));
        stream.Send(Parts.Arguments.WrittenMemory, end: !Parts.Method.GivesReferences);
        if (slots != StreamClass.Own && !stream.HoldsSlot)
        {
            locked.Slots.Watch(locked, Parts.Endpoint, slots);
        }

        Waiter!.OnSent(locked);
    }

    /// <summary>Its time is over, unless it has ended.</summary>
    public void PassTimeout(in HubLock locked)
    {
        if (!_ended)
        {
            Abandon(locked, new TimeoutException($"{Parts.Describe()} took longer than its timeout of {Parts.Timeout}."));
        }
    }

    /// <summary>Ends the call from this side, unless it has ended; the callee is told.</summary>
    public void Abandon(in HubLock locked, Exception error)
    {
        if (!_ended)
        {
            // In this order: the call ends even if its link fails now.
            Fail(locked, error);
            ResetStream(locked, ResetCode.Cancelled, error.Message);
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

    /// <summary>The answer breaks the rules, or one of the bounds.</summary>
    public void RefuseAnswer(in HubLock locked, ResetCode code, string message, Exception error)
    {
        ResetStream(locked, code, message);
        Fail(locked, error);
    }

    /// <summary>The answer has come whole.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="acknowledges">Whether the other side is told so, by the end of this side's sending.</param>
    public void Complete(in HubLock locked, bool acknowledges)
    {
        if (acknowledges && _stream is { } stream)
        {
            _stream = null;
            stream.End();
        }

        End(locked);
    }

    /// <summary>Lets the other side send more of its answer.</summary>
    public void Consumed(in HubLock locked, int count, int readAhead) => _stream?.Consumed(count, readAhead);

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        HubLock locked = Hub.Held();
        if (end && bytes.IsEmpty && Parts.Method.IsOneWay && _answer.IsEmpty)
        {
            End(locked);
            return;
        }

        _answer.Append(locked, stream, bytes, end);
    }

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

    /// <summary>After the lock: the call has ended. Its waiter is told when the last report is.</summary>
    public void Run()
    {
        // A reader of parts may have closed the call meanwhile, and waits for nothing then.
        if (Reports is null || Reports.EndNow())
        {
            Waiter?.Wake();
        }
    }

    /// <summary>It is not sent at all, and its caller is told why.</summary>
    public void Return(Exception why)
    {
        Parts.Span?.End(why);
        Return();
    }

    /// <summary>Its waiter has taken the outcome: the instance is free for another call.</summary>
    public void Return()
    {
        Reset();
        Pool<PendingCall>.Return(this);
    }

    /// <summary>Gives up everything of this use. The stream is gone, or lets go now.</summary>
    public void Reset()
    {
        Generation++;
        if (_stream is not null || _answer.IsCharged || (!_sent && Parts.References is not null))
        {
            using (HubLock locked = Hub.Enter())
            {
                // If there is still a stream, the answer came before all arguments were sent: the rest is not wanted.
                ResetStream(locked, ResetCode.Cancelled, "");
                _answer.GiveBack(locked);
                if (!_sent)
                {
                    Parts.TakeReferencesBack(locked);
                }
            }
        }

        Parts.Span?.End(Error);
        _answer.Reset();
        Parts.Reset();
        Waiter = null;
        Reports = null;
        Error = null;
        IsBusy = false;
        _sent = false;
        _ended = true; // already, of a call that was sent
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
            _passage.End(locked);
            Waiter!.OnEnded(locked, _sent);
            locked.Defer(this);
        }
    }

    private void ResetStream(in HubLock locked, ResetCode code, string message)
    {
        MuxStream? stream = _stream;
        _stream = null;
        if (stream is not null)
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
