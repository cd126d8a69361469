using System.Threading.Tasks.Sources;

namespace Mitogen.Calls;

/// <summary>The parts of a stream that came and were not read yet, and the one reader that waits for them.</summary>
internal sealed class PartQueue(PendingCall call) : IValueTaskSource
{
    // All guarded by the hub's lock; the credit bounds the queue.
    private readonly Queue<IncomingPart> _parts = new();
    private ManualResetValueTaskSourceCore<bool> _arrival = new() { RunContinuationsAsynchronously = true };
    private bool _isAwaited;

    public bool IsEmpty(in HubLock locked) => _parts.Count == 0;

    public PendingCall Call => call;

    /// <summary>A part came.</summary>
    public void Add(in HubLock locked, IncomingPart part)
    {
        _parts.Enqueue(part);
        Wake();
    }

    /// <summary>Nobody reads any more.</summary>
    public void Clear(in HubLock locked)
    {
        while (_parts.TryDequeue(out IncomingPart? part))
        {
            part.GiveBack(locked);
        }
    }

    /// <summary>The call has ended: nothing more comes.</summary>
    public void OnEnded()
    {
        using (call.Hub.Enter())
        {
            Wake();
        }
    }

    /// <summary>The next part, or <see langword="null"/> after the last one. For one reader.</summary>
    public async ValueTask<IncomingPart?> TakeAsync()
    {
        while (true)
        {
            ValueTask arrival;
            using (HubLock locked = call.Hub.Enter())
            {
                // A call that was given up here has nothing more to say; one that failed there, what it said before.
                if (call.Error is null && _parts.TryDequeue(out IncomingPart? part))
                {
                    call.Taken(locked, part);
                    return part;
                }

                if (call.HasEnded)
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

    void IValueTaskSource.GetResult(short token) => _arrival.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _arrival.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _arrival.OnCompleted(continuation, state, token, flags);

    private void Wake()
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _arrival.SetResult(true);
        }
    }
}
