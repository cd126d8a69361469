using System.Threading.Tasks.Sources;

namespace Mitogen.Calls;

/// <summary>The reader of a call whose answer is a stream of parts: those that came and were not read yet, and the one who waits for them.</summary>
/// <remarks>Neither it nor its call is used again: whoever ends the call may wake it late, when it is closed.</remarks>
internal sealed class PartQueue : CallWaiter, IValueTaskSource
{
    private readonly CallHub _hub;
    private readonly AnswerKind _kind;
    private CallLimits _limits;

    // All guarded by the hub's lock; the credit bounds the queue.
    private readonly Queue<IncomingPart> _parts = new();
    private ManualResetValueTaskSourceCore<bool> _arrival = new() { RunContinuationsAsynchronously = true };
    private bool _isAwaited;
    private bool _isClosed;
    private Exception? _failure;

    private PartQueue(PendingCall call, AnswerKind kind)
    {
        _hub = call.Hub;
        _kind = kind;
        Begin(call);
    }

    public CallHub Hub => _hub;

    /// <summary>The call, for messages.</summary>
    public string Describe() => Call.Parts.Describe();

    /// <summary>Sends a call whose answer is a stream.</summary>
    /// <param name="call">The call.</param>
    /// <param name="kind">The kind of its parts.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static PartQueue Start(PendingCall call, AnswerKind kind, CancellationToken cancellationToken)
    {
        PartQueue parts = new(call, kind);
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
        EndWait();
    }

    /// <summary>The call has ended: nothing more comes.</summary>
    public override void Wake()
    {
        using (_hub.Enter())
        {
            EndWait();
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
                if (_isClosed)
                {
                    return null;
                }

                // A call that was given up here has nothing more to say; one that failed there, what it said before.
                if (Call.Error is null && _parts.TryDequeue(out IncomingPart? part))
                {
                    Call.Answer.Taken(locked, part);
                    return part;
                }

                if (Call.HasEnded)
                {
                    return null;
                }

                _arrival.Reset();
                _isAwaited = true;
                arrival = new ValueTask(this, _arrival.Version);
            }

            await arrival.ConfigureAwait(false);
        }
    }

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
            EndWait();
        }

        _limits.End();
        LetGo().Reset();
    }

    void IValueTaskSource.GetResult(short token) => _arrival.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _arrival.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _arrival.OnCompleted(continuation, state, token, flags);

    private void EndWait()
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _arrival.SetResult(true);
        }
    }
}
