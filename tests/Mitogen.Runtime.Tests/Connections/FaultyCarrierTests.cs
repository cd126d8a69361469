using Microsoft.Extensions.Logging;
using Mitogen.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Logging;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>The code of a connection of one's own is not the runtime's: whatever it does, its own context fails and nothing else.</summary>
public sealed class FaultyCarrierTests : LeakCheckedTest
{
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(1);

    public static TheoryData<string, BootstrapReason, string> Openings { get; } = new()
    {
        { "throws", BootstrapReason.ExitedEarly, "no idea" },
        { "refuses", BootstrapReason.HostKeyChanged, "who is that" },
        { "is null", BootstrapReason.ExitedEarly, "could not be opened" },
        { "gives null", BootstrapReason.ExitedEarly, "gave nothing" },
        { "cancels", BootstrapReason.ExitedEarly, "could not be opened" },
        { "never ends", BootstrapReason.TimedOut, "not open within" },
        { "blocks", BootstrapReason.TimedOut, "not open within" },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task An_opening_that_fails_fails_the_start(string how, BootstrapReason reason, string says)
    {
        using ManualResetEventSlim blocked = new();
        TaskCompletionSource<Carrier> never = new();
        FaultyConnection connection = new()
        {
            ConnectTimeout = s_short,
            Opens = (open, _) => how switch
            {
                "throws" => throw new InvalidOperationException("no idea"),
                "refuses" => throw new StartRefusedException(new(BootstrapReason.HostKeyChanged, "who is that")),
                "is null" => null!,
                "gives null" => Task.FromResult<Carrier>(null!),
                "cancels" => Task.FromCanceled<Carrier>(new CancellationToken(true)),
                "never ends" => never.Task,
                _ => Block(blocked),
            },
        };
        await using MitogenRoot root = MitogenRoot.Create();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        blocked.Set();
        Assert.Equal(reason, failure.Reason);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        await WorksAsync(root);
    }

    [Fact]
    public async Task A_wrong_argument_is_thrown_as_it_is()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        FaultyConnection connection = new() { Opens = static (_, _) => throw new ArgumentException("a wrong one") };
        ArgumentException wrong = await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.Equal("a wrong one", wrong.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_way_that_is_open_too_late_is_ended(bool isGivenUp)
    {
        TaskCompletionSource given = new();
        TaskCompletionSource<FaultyCarrier> late = new();
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        FaultyConnection connection = new()
        {
            ConnectTimeout = isGivenUp ? TimeSpan.FromMinutes(1) : s_short,
            Opens = async (open, _) =>
            {
                if (isGivenUp)
                {
                    await giveUp.CancelAsync();
                }

                await given.Task;
                FaultyCarrier carrier = (FaultyCarrier)await open();
                late.SetResult(carrier);
                return carrier;
            },
        };
        await using MitogenRoot root = MitogenRoot.Create();
        Task start = root.ConnectAsync(connection, giveUp.Token);
        if (isGivenUp)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        }
        else
        {
            Assert.Equal(BootstrapReason.TimedOut, (await Assert.ThrowsAsync<BootstrapException>(() => start)).Reason);
        }

        given.SetResult();
        FaultyCarrier ended = await late.Task;
        await Eventually.UntilAsync(() => Task.FromResult(ended.DisposeCount == 1));
    }

    public static TheoryData<string, string> Readings { get; } = new()
    {
        { "throws", "no idea" },
        { "disposed", "disposed" },
        { "negative", "-1 bytes" },
        { "too many", "bytes into" },
    };

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task A_reading_that_fails_ends_the_context(string how, string says)
    {
        bool isWrong = false;
        FaultyConnection connection = new()
        {
            With = carrier => carrier.Reads = (buffer, well) =>
            {
                int count = well.Read(buffer);
                return !Volatile.Read(ref isWrong) ? count : how switch
                {
                    "throws" => throw new InvalidOperationException("no idea"),
                    "disposed" => throw new ObjectDisposedException("carrier"),
                    "negative" => -1,
                    _ => buffer.Length + 1,
                };
            },
        };
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        Volatile.Write(ref isWrong, true);
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => context.Get<IProbe>().EchoAsync("well"));
        Assert.Equal(DisconnectKind.LinkBroken, lost.Reason.Kind);
        Assert.Contains(says, lost.Reason.Message, StringComparison.Ordinal);
        await WorksAsync(root);

        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.Equal(BootstrapReason.ExitedEarly, failure.Reason);
    }

    [Fact]
    public async Task A_writing_that_fails_ends_the_context()
    {
        bool isWrong = false;
        FaultyConnection connection = new()
        {
            With = carrier => carrier.Writes = () => _ = Volatile.Read(ref isWrong) ? throw new InvalidOperationException("no idea") : 0,
        };
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        Volatile.Write(ref isWrong, true);
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => context.Get<IProbe>().EchoAsync("well"));
        Assert.Equal(DisconnectKind.LinkBroken, lost.Reason.Kind);
        Assert.Contains("no idea", lost.Reason.Message, StringComparison.Ordinal);
        await WorksAsync(root);
    }

    [Fact]
    public async Task A_carrier_that_ends_twice_is_read_and_ended_once()
    {
        int readings = 0;
        int aborts = 0;
        FaultyCarrier? carrier = null;
        FaultyConnection connection = new()
        {
            With = made =>
            {
                carrier = made;
                made.Reads = (buffer, well) => Interlocked.Increment(ref readings) > 1 ? throw new InvalidOperationException("read again") : 0;
                made.Aborts = () => Interlocked.Increment(ref aborts);
            },
        };
        await using MitogenRoot root = MitogenRoot.Create();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.Equal(BootstrapReason.ExitedEarly, failure.Reason);
        Assert.Equal(1, readings);
        Assert.Equal(0, aborts); // nobody had to be freed
        Assert.Equal(1, carrier?.DisposeCount);
    }

    [Fact]
    public async Task An_end_that_fails_is_logged()
    {
        RecordedLogs logs = new();
        FaultyConnection connection = new()
        {
            Name = "odd",
            With = static carrier =>
            {
                carrier.Closes = static () => throw new InvalidOperationException("not closed");
                carrier.Disposes = static () => throw new InvalidOperationException("not disposed");
            },
        };
        await using MitogenRoot root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = logs });
        IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        await context.DisposeAsync();

        Assert.Equal(DisconnectKind.Disposed, context.DisconnectReason?.Kind);
        await Eventually.UntilAsync(() => Task.FromResult(logs.All.Any(static record => record.Event.Id == 7)));
        Recorded record = logs.All.Single(static record => record.Event.Id == 7);
        Assert.Equal(LogLevel.Warning, record.Level);
        AggregateException errors = Assert.IsType<AggregateException>(record.Exception);
        Assert.Equal(["not closed", "not disposed"], errors.InnerExceptions.Select(static error => error.Message).Order(StringComparer.Ordinal));
        await WorksAsync(root);
    }

    [Fact]
    public async Task A_closing_that_blocks_is_not_waited_for()
    {
        using ManualResetEventSlim released = new();
        RecordedLogs logs = new();
        FaultyConnection connection = new() { With = carrier => carrier.Closes = released.Wait };
        await using MitogenRoot root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = logs });
        IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        await context.DisposeAsync();
        Assert.False(released.IsSet);
        released.Set();
        await Eventually.UntilAsync(() => Task.FromResult(logs.All.Any(static record => record.Event.Id == 7)));
        Assert.Contains(nameof(Carrier.CloseWriting), $"{logs.All.First(static record => record.Event.Id == 7).Exception}", StringComparison.Ordinal);
        await WorksAsync(root);
    }

    /// <summary>Its thread is lost, and nobody waits for it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_carrier_that_never_ends_does_not_keep_its_parent(bool isUp)
    {
        using ManualResetEventSlim released = new();
        TaskCompletionSource left = new();
        bool isWrong = !isUp;
        FaultyConnection connection = new()
        {
            ConnectTimeout = isUp ? TimeSpan.FromMinutes(1) : s_short,
            GracePeriod = TimeSpan.FromMilliseconds(100),
            With = carrier =>
            {
                carrier.Reads = (buffer, well) =>
                {
                    int count = Volatile.Read(ref isWrong) ? 0 : well.Read(buffer);
                    if (Volatile.Read(ref isWrong))
                    {
                        released.Wait();
                        left.SetResult();
                    }

                    return count;
                };
                carrier.Aborts = released.Wait;
                carrier.Disposes = () => left.Task;
            },
        };
        RecordedLogs logs = new();
        await using MitogenRoot root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = logs });
        if (isUp)
        {
            IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
            Volatile.Write(ref isWrong, true);
            Task call = context.Get<IProbe>().EchoAsync("well");
            await context.DisposeAsync();
            await Assert.ThrowsAsync<ContextLostException>(() => call);
        }
        else
        {
            BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
            Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
        }

        await Eventually.UntilAsync(() => Task.FromResult(logs.All.Any(static record => record.Event.Id == 7)));
        await WorksAsync(root);
        await root.DisposeAsync();
        Assert.False(left.Task.IsCompleted);
        released.Set();
        await left.Task;
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("faults")]
    [InlineData("is null")]
    public async Task A_status_that_nobody_can_tell_is_none(string how)
    {
        FaultyConnection connection = new()
        {
            With = carrier => carrier.Exits = () => how switch
            {
                "throws" => throw new InvalidOperationException("no idea"),
                "faults" => Task.FromException<int>(new InvalidOperationException("no idea")),
                _ => null,
            },
        };
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(connection, Cancellation);
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => context.Get<ITrouble>().ExitAsync(7, "so long"));
        Assert.Contains(lost.Reason.Kind, new[] { DisconnectKind.LinkBroken, DisconnectKind.Exited }); // with the context's own last word, if it comes
        await WorksAsync(root);
    }

    [Fact]
    public async Task An_explanation_that_fails_is_told()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        FaultyConnection connection = new()
        {
            With = static carrier => carrier.Reads = static (_, _) => 0,
            Explains = static _ => throw new InvalidOperationException("no idea"),
        };
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.Equal(BootstrapReason.ExitedEarly, failure.Reason);
        Assert.Contains("no idea", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_has_a_reason_and_a_message()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaunchProblem((BootstrapReason)99, "x"));
        Assert.Throws<ArgumentNullException>(() => new LaunchProblem(BootstrapReason.Busy, null!));
        Assert.Throws<ArgumentNullException>(() => new StartRefusedException(null!));
        Assert.Equal(BootstrapReason.Busy, new LaunchProblem(Enum.GetValues<BootstrapReason>().Max(), "x").Reason);
    }

    private static Task<Carrier> Block(ManualResetEventSlim blocked)
    {
        blocked.Wait(Cancellation);
        throw new InvalidOperationException("too late");
    }

    private static async Task WorksAsync(MitogenRoot root)
    {
        await using IRemoteContext other = await root.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.Equal("well", await other.Get<IProbe>().EchoAsync("well"));
    }
}
