namespace Mitogen.Starting;

/// <summary>
/// The time of a start: over when there was no progress for <see cref="Connection.ConnectTimeout"/>, or when the whole took
/// <see cref="Connection.StartTimeout"/>. Progress is a word of the other side, and a byte that was taken, which stands for the time that it
/// takes at <see cref="Connection.MinimumRate"/>. Thread-safe.
/// </summary>
internal sealed class StartWatch : IDisposable
{
    // The bytes that tools, kernels and servers keep on the way, of which nobody tells whether they have arrived: OpenSSH and its server
    // send 2 MiB ahead.
    private const int FarBuffers = 2 * 1024 * 1024;

    // Pipes and sockets of one machine, which a tool puts between; a local context has its own.
    private const int NearBuffers = 256 * 1024;

    // Of what a rate gives: longer than any option allows, and short enough to be added to.
    private const double MaxSeconds = 1e9;

    // Less than this is there before anyone could wait for it.
    private const int LeastUpload = 64 * 1024;

    // An executable that is taken within this time finds a line that has room for others.
    private static readonly TimeSpan s_quick = TimeSpan.FromSeconds(1);

    private readonly Connection _connection;
    private readonly SendingTurns _turns;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    // Never disposed: it has no timer, and the one above may be about to cancel it.
    private readonly CancellationTokenSource _over = new();

    // Under _lock. Times are since the beginning, without those of waiting.
    private TimeSpan _waited;
    private TimeSpan? _waitingSince;
    private TimeSpan _mark;
    private long _unheard;
    private bool _isFar;
    private bool _isWriting;
    private Sending? _sending;
    private SendingTurns.Turn? _turn;
    private bool _isOver;

    public StartWatch(Connection connection, SendingTurns turns, TimeProvider time)
    {
        _connection = connection;
        _turns = turns;
        _time = time;
        _begun = time.GetTimestamp();
        _timer = time.CreateTimer(static watch => ((StartWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_lock)
        {
            Set();
        }
    }

    /// <summary>Is cancelled when the time is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The part that was being sent last, and how it went.</summary>
    public SentPart? LastSent
    {
        get
        {
            lock (_lock)
            {
                return _sending is { } sending
                    ? new SentPart(sending.What, sending.Taken, sending.Total, sending.LastTaken - sending.Begun, Now - sending.LastTaken)
                    : null;
            }
        }
    }

    /// <summary>Whether what was sent last may still have been on its way when the time was over.</summary>
    public bool IsOnItsWay
    {
        get
        {
            lock (_lock)
            {
                return _isWriting || Buffered > LeastUpload;
            }
        }
    }

    /// <summary>Whether it was the time of the whole that was over.</summary>
    public bool TookTooLong
    {
        get
        {
            lock (_lock)
            {
                return Now >= Longest;
            }
        }
    }

    /// <summary>How much time is left if nothing happens.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_lock)
            {
                return Deadline - Now;
            }
        }
    }

    /// <summary>The way goes by a network, whose buffers are large.</summary>
    public void GoFar()
    {
        lock (_lock)
        {
            _isFar = true;
        }
    }

    /// <summary>Something needed for the start is there.</summary>
    public void Advance()
    {
        lock (_lock)
        {
            _mark = Now;
            Set();
        }
    }

    /// <summary>The other side has spoken: what it was sent before has arrived.</summary>
    public void Hear()
    {
        lock (_lock)
        {
            _mark = Now;
            _unheard = 0;
            _turn?.PassOn();
            Set();
        }
    }

    /// <summary>Something is about to be sent, in its turn if it is long and goes far: completes then. Waiting takes nothing of the start's time.</summary>
    /// <param name="what">A word for it.</param>
    /// <param name="total">Its bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task BeginSendingAsync(string what, long total, CancellationToken cancellationToken)
    {
        bool needsTurn;
        lock (_lock)
        {
            needsTurn = _isFar && total >= LeastUpload && _turn is null && !_isOver;
            _waitingSince = needsTurn ? Now : null;
            Set();
        }

        SendingTurns.Turn? turn = needsTurn ? await _turns.TakeAsync(cancellationToken).ConfigureAwait(false) : null;
        lock (_lock)
        {
            if (_waitingSince is { } since)
            {
                _waitingSince = null;
                _waited += Now - since;
            }

            if (_isOver)
            {
                turn?.Dispose();
            }
            else
            {
                _turn ??= turn;
            }

            _isWriting = true;
            _sending = new Sending(what, total, Now);
            Set();
        }
    }

    /// <summary>The line took bytes.</summary>
    public void Take(int count)
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            TimeSpan mark = _mark + TimeAt(count, _turns.Sending);
            _mark = mark < now ? mark : now;
            _unheard += count;
            _sending?.Take(count, now);
            Set();
        }
    }

    /// <summary>The line took all.</summary>
    public void EndSending()
    {
        lock (_lock)
        {
            _isWriting = false;
            if (_sending is { } sending && sending.LastTaken - sending.Begun < s_quick)
            {
                _turn?.PassOn();
            }

            Set();
        }
    }

    /// <summary>Takes the start as ended: time does not count any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer.Dispose();
            _turn?.Dispose();
        }
    }

    // It stands still while the start waits for its turn.
    private TimeSpan Now => _waitingSince ?? (_time.GetElapsedTime(_begun) - _waited);

    /// <summary>While bytes wait to be taken, what was taken before has made room; after that, it may have all of its way before it.</summary>
    private TimeSpan Deadline
    {
        get
        {
            TimeSpan silent = _mark + _connection.ConnectTimeout + TimeAt(_isWriting ? 0 : Buffered, Math.Min(_turns.Sending, _turns.Most));
            return silent < Longest ? silent : Longest;
        }
    }

    private long Buffered => Math.Min(_unheard, _connection is LocalConnection ? 0 : _isFar ? FarBuffers : NearBuffers);

    private TimeSpan Longest => _connection.StartTimeout > _connection.ConnectTimeout ? _connection.StartTimeout : _connection.ConnectTimeout;

    // Those that send share a line, perhaps: the rate is that of all of them.
    private TimeSpan TimeAt(long bytes, int sharers) =>
        TimeSpan.FromSeconds(Math.Min((double)bytes * Math.Max(1, sharers) / _connection.MinimumRate, MaxSeconds));

    /// <summary>Under the lock.</summary>
    private void Set()
    {
        if (!_isOver)
        {
            TimeSpan left = Deadline - Now;
            _ = _timer.Change(
                _waitingSince is not null ? Timeout.InfiniteTimeSpan : left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_isOver || _waitingSince is not null)
            {
                return;
            }

            if (Now < Deadline)
            {
                Set(); // fewer share the line, or more
                return;
            }
        }

        _ = _over.CancelAsync();
    }

    private sealed class Sending(string what, long total, TimeSpan begun)
    {
        public string What => what;

        public long Total => total;

        public TimeSpan Begun { get; } = begun;

        public long Taken { get; private set; }

        public TimeSpan LastTaken { get; private set; } = begun;

        public void Take(int count, TimeSpan now)
        {
            Taken += count;
            LastTaken = now;
        }
    }
}

/// <summary>The fate of a part that was sent in a start.</summary>
/// <param name="What">A word for it.</param>
/// <param name="Taken">How many bytes the line took.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Time">Within what time.</param>
/// <param name="Since">And for how long no more.</param>
internal readonly record struct SentPart(string What, long Taken, long Total, TimeSpan Time, TimeSpan Since)
{
    public bool IsTaken => Taken >= Total;
}
