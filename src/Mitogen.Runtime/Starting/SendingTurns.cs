namespace Mitogen.Starting;

/// <summary>
/// Which starts of a context send their executable now: few at a time, so that on a line that they share each is done soon, instead of all late.
/// Thread-safe.
/// </summary>
/// <param name="most">How many have a turn at the same time.</param>
/// <param name="time">The clock.</param>
internal sealed class SendingTurns(int most, TimeProvider time)
{
    // Who sends for longer does not go on alone: its own line may be the slow one, and the others' are not. If it is a shared one, the
    // senders become more by and by, and no start fails of it.
    internal static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = []; // under _lock
    private int _taken;                                         // under _lock
    private int _sending;                                       // under _lock

    /// <summary>How many have a turn at the same time.</summary>
    public int Most => most;

    /// <summary>How many executables are on their way, with a turn or after it.</summary>
    public int Sending
    {
        get
        {
            lock (_lock)
            {
                return _sending;
            }
        }
    }

    /// <summary>How many wait for a turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count(static place => !place.Task.IsCompleted);
            }
        }
    }

    /// <summary>Waits for a turn.</summary>
    public async Task<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource? place = null;
        lock (_lock)
        {
            if (_taken < most)
            {
                _taken++;
            }
            else
            {
                place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(place);
            }
        }

        if (place is not null)
        {
            using CancellationTokenRegistration giveUp = cancellationToken.UnsafeRegister(_ => place.TrySetCanceled(cancellationToken), null);
            await place.Task.ConfigureAwait(false);
        }

        return new Turn(this);
    }

    private void BeginSending()
    {
        lock (_lock)
        {
            _sending++;
        }
    }

    private void EndSending()
    {
        lock (_lock)
        {
            _sending--;
        }
    }

    private void PassOn()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? next))
            {
                if (next.TrySetResult())
                {
                    return; // it has the turn now
                }
            }

            _taken--;
        }
    }

    /// <summary>An executable on its way. It is over when it is disposed; others have their turn sooner.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly SendingTurns _turns;
        private readonly ITimer _timer;
        private int _isPassedOn;
        private int _isOver;

        internal Turn(SendingTurns turns)
        {
            _turns = turns;
            turns.BeginSending();
            _timer = turns.Clock.CreateTimer(static turn => ((Turn)turn!).PassOn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _ = _timer.Change(LongestTurn, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Lets the next one go, while this one may be on its way still.</summary>
        public void PassOn()
        {
            if (Interlocked.Exchange(ref _isPassedOn, 1) == 0)
            {
                _timer.Dispose();
                _turns.PassOn();
            }
        }

        public void Dispose()
        {
            PassOn();
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                _turns.EndSending();
            }
        }
    }

    private TimeProvider Clock => time;
}
