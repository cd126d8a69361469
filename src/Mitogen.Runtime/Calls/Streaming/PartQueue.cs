namespace Mitogen.Calls;

/// <summary>The reader of a call whose answer is a stream of parts: those that came and were not read yet, and the one who waits for them.</summary>
/// <remarks>Neither it nor its call is used again: whoever ends the call may wake it late, when it is closed.</remarks>
internal sealed class PartQueue : CallWaiter
{
    private readonly CallHub _hub;
    private readonly AnswerKind? _kind;
    private readonly Doorbell _bell;
    private CallLimits _limits;

    // The timer of the call needs a pool thread, which a blocked reader must not wait for. Owned by the reader.
    private long _until;

    // All guarded by the hub's lock; the credit bounds the queue.
    private readonly Queue<IncomingPart> _parts = new();
    private bool _isClosed;
    private Exception? _failure;

    private PartQueue(PendingCall call, AnswerKind? kind, Doorbell bell)
    {
        _hub = call.Hub;
        _kind = kind;
        _bell = bell;
        _until = CallLimits.TimeOf(call);
        Begin(call);
    }

    public CallHub Hub => _hub;

    /// <summary>The call, for messages.</summary>
    public string Describe() => Call.Parts.Describe();

    /// <summary>Sends a call whose answer is a stream.</summary>
    /// <param name="call">The call.</param>
    /// <param name="kind">The kind of its parts; <see langword="null"/> where only the end is waited for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="bell">Rings when a part has come, and at the end: the reader's, where that waits for more than the answer.</param>
    public static PartQueue Start(PendingCall call, AnswerKind? kind, CancellationToken cancellationToken, Doorbell? bell = null)
    {
        PartQueue parts = new(call, kind, bell ?? new Doorbell());
        if (cancellationToken.IsCancellationRequested)
        {
            parts.Cancel(cancellationToken);
            return parts;
        }

        int generation = call.Generation;
        call.Send();
        parts._limits.BeginTime(call, generation);
        parts._limits.BeginToken(call, cancellationToken);
        return parts;
    }

    public override bool Expects(AnswerKind kind) => kind == _kind;

    public override bool IsHungry(in HubLock locked) => _parts.Count == 0;

    /// <summary>A part came.</summary>
    public override void OnPart(in HubLock locked, IncomingPart part)
    {
        _parts.Enqueue(part);
        _bell.Ring(locked);
    }

    /// <summary>The call has ended: nothing more comes.</summary>
    public override void Wake()
    {
        using (HubLock locked = _hub.Enter())
        {
            _bell.Ring(locked);
        }
    }

    /// <summary>The next part, or <see langword="null"/> after the last one. For one reader.</summary>
    public async ValueTask<IncomingPart?> TakeAsync()
    {
        while (true)
        {
            ValueTask arrival;
            using (HubLock locked = _hub.Enter())
            {
                if (TryTake(locked, out IncomingPart? part))
                {
                    return part;
                }

                arrival = _bell.Await(locked);
            }

            await arrival.ConfigureAwait(false);
        }
    }

    /// <summary>The same; blocks this thread until it is there.</summary>
    public IncomingPart? Take()
    {
        while (true)
        {
            using (HubLock locked = _hub.Enter())
            {
                if (TryTake(locked, out IncomingPart? part))
                {
                    return part;
                }

                _bell.Block(locked);
            }

            Wait();
        }
    }

    /// <summary>Blocks the reader's thread, which began to wait under the lock, until the bell rings. It does when the call's time is over.</summary>
    public void Wait()
    {
        while (!_bell.Wait(_until))
        {
            _until = long.MaxValue;
            using (HubLock locked = _hub.Enter())
            {
                if (!_isClosed)
                {
                    Call.PassTimeout(locked);
                }
            }
        }
    }

    /// <summary>Whether nothing more comes.</summary>
    public bool HasEnded(in HubLock locked) => _isClosed || Call.HasEnded;

    /// <summary>Ends the call, unless it has ended, because its reader gave up.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        using (HubLock locked = _hub.Enter())
        {
            if (!_isClosed)
            {
                Call.Abandon(locked, new OperationCanceledException(cancellationToken));
            }
        }
    }

    /// <summary>Throws what the call failed with, if it did.</summary>
    public void ThrowIfFailed()
    {
        Exception? failure;
        using (_hub.Enter())
        {
            failure = _isClosed ? _failure : ReadFailure();
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Nobody reads any more: ends the call, unless it has ended, and gives up everything of it. Once.</summary>
    public void Close()
    {
        using (HubLock locked = _hub.Enter())
        {
            OperationCanceledException closed = new("The stream was closed.");
            Call.Abandon(locked, closed);
            while (_parts.TryDequeue(out IncomingPart? part))
            {
                part.GiveBack(locked);
            }

            // For a reader that waits still: who ended the call may come too late to wake it.
            _failure = Call.Error ?? (Call.Answer.IsError ? closed : null);
            _isClosed = true;
            _bell.Ring(locked);
        }

        _limits.End();
        LetGo().Reset();
    }

    /// <returns>Whether it is decided what is next: a part, or with <see langword="null"/> the end.</returns>
    private bool TryTake(in HubLock locked, out IncomingPart? part)
    {
        // A call that was given up here has nothing more to say; one that failed there, what it said before.
        if (!_isClosed && Call.Error is null && _parts.TryDequeue(out part))
        {
            Call.Answer.Taken(locked, part);
            return true;
        }

        part = null;
        return HasEnded(locked);
    }
}
