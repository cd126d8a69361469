using Mitogen.Runtime.Tests.Connections;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>The time of starts on lines of all kinds, under a clock of the test's.</summary>
public sealed class StartWatchTests
{
    private const int Executable = 5_000_000;

    // What OpenSSH takes before the network does.
    private const int Buffer = 2 * 1024 * 1024;

    private static readonly Connection s_default = new SshConnection("web1");
    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(30, 1_000_000)]
    [InlineData(1, 50_000)]
    [InlineData(4, 50_000)]
    [InlineData(16, 40_000_000)]
    public async Task Starts_on_a_shared_line_come_up_with_default_options(int starts, int rate)
    {
        SharedLine line = new(_time, rate, starts);
        TimeSpan took = await line.RunAsync(s_default);

        Assert.Equal(0, line.Failed);
        Assert.Equal(starts, line.Up);
        Assert.InRange(took.TotalSeconds, 0, ((double)starts * Executable / rate) + 5);
    }

    [Fact]
    public async Task Of_many_on_a_slow_line_the_first_are_up_early()
    {
        SharedLine line = new(_time, 1_000_000, starts: 16);
        _ = await line.RunAsync(s_default);
        Assert.InRange(line.FirstUp.TotalSeconds, 5, 40);
    }

    [Fact]
    public async Task Of_a_line_that_stalls_the_time_without_progress_is_over()
    {
        using StartWatch watch = await SendAsync(s_default, 700_000, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(watch.Over.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        await OverAsync(watch);
        Assert.Equal(new SentPart("the executable", 700_000, Executable, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), watch.LastSent);
        Assert.False(watch.TookTooLong);
    }

    [Fact]
    public async Task Bytes_below_the_least_rate_are_no_progress()
    {
        using StartWatch watch = await BeginAsync(s_default with { MinimumRate = 1000 });
        for (int second = 0; second < 50; second++)
        {
            Assert.False(watch.Over.IsCancellationRequested);
            watch.Take(500);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(TimeSpan.FromSeconds(15));
        await OverAsync(watch);
    }

    [Fact]
    public async Task Bytes_above_it_are_until_the_time_of_the_whole_is_over()
    {
        using StartWatch watch = await BeginAsync(s_default with { MinimumRate = 1000 });
        for (int second = 0; second < 599; second++)
        {
            watch.Take(1500);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(watch.Over.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        await OverAsync(watch);
        Assert.True(watch.TookTooLong);
    }

    [Fact]
    public async Task What_was_taken_has_time_to_arrive()
    {
        using StartWatch watch = await SendAsync(s_default, Executable, TimeSpan.FromSeconds(1));
        watch.EndSending();
        _time.Advance(TimeSpan.FromSeconds(93));
        Assert.False(watch.Over.IsCancellationRequested);
        Assert.True(watch.IsOnItsWay);
        _time.Advance(TimeSpan.FromSeconds(2));
        await OverAsync(watch);
    }

    [Fact]
    public async Task A_word_tells_that_it_has_arrived()
    {
        using StartWatch watch = await SendAsync(s_default, Executable, TimeSpan.FromSeconds(1));
        watch.EndSending();
        _time.Advance(TimeSpan.FromSeconds(50));
        watch.Hear();
        Assert.False(watch.IsOnItsWay);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(watch.Over.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        await OverAsync(watch);
    }

    [Fact]
    public async Task Waiting_for_ones_turn_takes_no_time_and_a_turn_ends_after_a_while()
    {
        SendingTurns turns = new(1, _time);
        using StartWatch first = await BeginAsync(s_default with { ConnectTimeout = TimeSpan.FromMinutes(5) }, turns);
        using StartWatch second = new(s_default with { ConnectTimeout = TimeSpan.FromSeconds(2) }, turns, _time);
        second.GoFar();
        Task turn = second.BeginSendingAsync("the executable", Executable, Cancellation);

        _time.Advance(SendingTurns.LongestTurn - TimeSpan.FromMilliseconds(1));
        Assert.False(turn.IsCompleted);
        Assert.False(second.Over.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await turn.InTimeAsync();
        Assert.Equal((2, 0), (turns.Sending, turns.Waiting));
        Assert.False(second.Over.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_turn()
    {
        SendingTurns turns = new(1, _time);
        StartWatch first = await BeginAsync(s_default, turns);
        using StartWatch second = new(s_default, turns, _time);
        second.GoFar();
        using CancellationTokenSource cancel = new();
        Task turn = second.BeginSendingAsync("the executable", Executable, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);

        first.Dispose();
        Assert.Equal((0, 0), (turns.Sending, turns.Waiting));
        using StartWatch third = await BeginAsync(s_default, turns);
        Assert.Equal(1, turns.Sending);
    }

    private Task<StartWatch> BeginAsync(Connection connection) => BeginAsync(connection, new SendingTurns(4, _time));

    private async Task<StartWatch> BeginAsync(Connection connection, SendingTurns turns)
    {
        StartWatch watch = new(connection, turns, _time);
        watch.GoFar();
        await watch.BeginSendingAsync("the executable", Executable, Cancellation).InTimeAsync();
        return watch;
    }

    private async Task<StartWatch> SendAsync(Connection connection, int bytes, TimeSpan time)
    {
        StartWatch watch = await BeginAsync(connection);
        _time.Advance(time);
        watch.Take(bytes);
        return watch;
    }

    private static async Task OverAsync(StartWatch watch) =>
        await Eventually.UntilAsync(() => watch.Over.IsCancellationRequested);

    /// <summary>Starts whose executables go by buffers of their own into one line, which gives each of them the same share.</summary>
    private sealed class SharedLine(ManualTime time, int rate, int starts)
    {
        private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

        public int Up { get; private set; }

        public int Failed { get; private set; }

        public TimeSpan FirstUp { get; private set; }

        public async Task<TimeSpan> RunAsync(Connection connection)
        {
            SendingTurns turns = new(new MitogenOptions().MaxConcurrentUploads, time);
            Queue<int> waiting = new(Enumerable.Range(0, starts));
            List<Start> under = [];
            TimeSpan now = TimeSpan.Zero;
            while (Up + Failed < starts)
            {
                while (under.Count < new MitogenOptions().MaxConcurrentStarts && waiting.TryDequeue(out _))
                {
                    under.Add(new Start(connection, turns, time));
                }

                await Eventually.UntilAsync(() => under.Count(start => !start.Turn.IsCompleted) == turns.Waiting);
                Start[] sending = [.. under.Where(start => start.Turn.IsCompleted)];
                foreach (Start start in sending)
                {
                    start.Write();
                }

                // What one of them does not need is the others'.
                double left = rate * s_step.TotalSeconds;
                Start[] busy = [.. sending.Where(start => start.Buffered > 0).OrderBy(start => start.Buffered)];
                for (int i = 0; i < busy.Length; i++)
                {
                    left -= busy[i].Drain(left / (busy.Length - i));
                }

                time.Advance(s_step);
                now += s_step;
                foreach (Start start in under.ToArray())
                {
                    if (start.HasArrived || start.Watch.Over.IsCancellationRequested)
                    {
                        FirstUp = Up == 0 ? now : FirstUp;
                        (Up, Failed) = start.HasArrived ? (Up + 1, Failed) : (Up, Failed + 1);
                        start.Watch.Dispose();
                        _ = under.Remove(start);
                    }
                }
            }

            return now;
        }

        private sealed class Start
        {
            private int _taken;
            private double _arrived;
            private bool _isTaken;

            public Start(Connection connection, SendingTurns turns, ManualTime time)
            {
                Watch = new StartWatch(connection, turns, time);
                Watch.GoFar();
                Turn = Watch.BeginSendingAsync("the executable", Executable, Cancellation);
            }

            public StartWatch Watch { get; }

            public Task Turn { get; }

            public double Buffered => _taken - _arrived;

            public bool HasArrived => _arrived >= Executable - 1;

            public void Write()
            {
                for (int piece; !_isTaken && (piece = Math.Min(16 * 1024, Executable - _taken)) <= Buffer - Buffered;)
                {
                    _taken += piece;
                    Watch.Take(piece);
                    if (_taken == Executable)
                    {
                        _isTaken = true;
                        Watch.EndSending();
                    }
                }
            }

            public double Drain(double bytes)
            {
                double count = Math.Min(bytes, Buffered);
                _arrived += count;
                return count;
            }
        }
    }
}
