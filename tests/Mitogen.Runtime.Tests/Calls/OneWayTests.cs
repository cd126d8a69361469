using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>A call that nobody waits for is executed, or whoever made it is told, or the log is.</summary>
public sealed class OneWayTests : CallTest
{
    [Fact]
    public async Task One_more_than_may_wait_throws_as_an_ordinary_call_does()
    {
        TaskCompletionSource<byte[]> release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int told = 0;
        IRemoteContext child = await ContextOfAsync<IWork>(
            new Work { Async = (_, _, _) => new(release.Task), Told = _ => Interlocked.Increment(ref told) },
            options: new MitogenOptions { MaxOpenStreams = 1, MaxWaitingCalls = 1 });
        IWork work = child.Get<IWork>();
        Task<byte[]> holding = work.RunAsync(0, []).AsTask();
        work.Tell(1);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => work.Tell(2));
        Assert.Contains("MaxWaitingCalls", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<InvalidOperationException>(() => child.Get<IShapes>().PostAsync("line", Cancellation));
        Assert.Contains("MaxWaitingCalls", error.Message, StringComparison.Ordinal);

        release.SetResult([]);
        await holding;
        await UntilAsync(() => Volatile.Read(ref told) == 1);
        Assert.Equal(2, await work.IncrementAsync(1));
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task One_to_a_context_that_is_gone_throws_as_an_ordinary_call_does()
    {
        RecordingLoggers loggers = new();
        IRemoteContext child = await ContextOfAsync<IWork>(new Work(), options: new MitogenOptions { LoggerFactory = loggers });
        IWork work = child.Get<IWork>();
        await child.DisposeAsync();

        Assert.Throws<ContextLostException>(() => work.Tell(1));
        Assert.DoesNotContain(loggers.Records, r => r.Message.Contains("one-way", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_accepted_before_an_orderly_end_is_executed(bool root)
    {
        const int Posts = 3000;
        int told = 0;
        Work service = new() { Told = _ => Interlocked.Increment(ref told) };
        InProcessRoot tree = NewRoot();
        tree.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(service));
        IRemoteContext child = await tree.ConnectAsync(new LocalConnection { GracePeriod = Patience }, Cancellation);
        IWork work = child.Get<IWork>();
        for (int i = 0; i < Posts; i++)
        {
            work.Tell(i);
        }

        await (root ? tree.DisposeAsync() : child.DisposeAsync());

        Assert.Equal(Posts, told);
    }

    [Fact]
    public async Task What_was_accepted_for_a_context_further_down_is_executed()
    {
        const int Posts = 2000;
        int told = 0;
        InProcessRoot tree = NewRoot();
        tree.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Told = _ => Interlocked.Increment(ref told) }));
        IRemoteContext child = await tree.ConnectAsync(new LocalConnection { GracePeriod = Patience }, Cancellation);
        IRemoteContext grandchild = await child.ConnectAsync(new LocalConnection { GracePeriod = Patience }, Cancellation);
        IWork work = grandchild.Get<IWork>();
        for (int i = 0; i < Posts; i++)
        {
            work.Tell(i);
        }

        await grandchild.DisposeAsync();

        Assert.Equal(Posts, told);
    }

    [Fact]
    public async Task What_was_not_executed_in_time_is_counted_and_told()
    {
        RecordingLoggers loggers = new();
        using ManualResetEventSlim release = new();
        InProcessRoot tree = NewRoot(new MitogenOptions { LoggerFactory = loggers, MaxOpenStreams = 10 });
        tree.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Told = _ => release.Wait(Patience) }));
        IRemoteContext child = await tree.ConnectAsync(new LocalConnection { Name = "slow", GracePeriod = TimeSpan.FromMilliseconds(300) }, Cancellation);
        IWork work = child.Get<IWork>();
        for (int i = 0; i < 500; i++)
        {
            work.Tell(i);
        }

        await child.DisposeAsync();
        release.Set();

        await UntilAsync(() => loggers.Records.Any(r => r.Message.Contains("one-way", StringComparison.Ordinal)));
        RecordedLog told = Assert.Single(loggers.Records, r => r.Level >= LogLevel.Warning && r.Message.Contains("one-way", StringComparison.Ordinal));
        Assert.Contains("500 one-way calls of Mitogen.Runtime.Tests.Calls.IWork", told.Message, StringComparison.Ordinal);
        Assert.Contains("'root/slow'", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_context_that_is_lost_did_not_execute_is_one_record()
    {
        RecordingLoggers loggers = new();
        using ManualResetEventSlim release = new();
        InProcessRoot tree = NewRoot(new MitogenOptions { LoggerFactory = loggers, MaxOpenStreams = 10 });
        tree.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Told = _ => release.Wait(Patience) }));
        await LoseAsync("lost", 500);
        await UntilAsync(() => loggers.Records.Any(r => r.Message.StartsWith("500 one-way calls", StringComparison.Ordinal)));

        // Records come in the order of what they tell.
        await LoseAsync("later", 1);
        release.Set();
        await UntilAsync(() => loggers.Records.Any(r => r.Message.StartsWith("1 one-way calls", StringComparison.Ordinal)));
        Assert.Single(loggers.Records, r => r.Message.Contains("one-way", StringComparison.Ordinal) && r.Message.Contains("'root/lost'", StringComparison.Ordinal));

        async Task LoseAsync(string name, int posts)
        {
            IRemoteContext child = await tree.ConnectAsync(new LocalConnection { Name = name }, Cancellation);
            for (int i = 0; i < posts; i++)
            {
                child.Get<IWork>().Tell(i);
            }

            using HubLock locked = tree.Node.Hub.Enter();
            locked.Kernel.LinkLost(locked.Kernel.RouteTo(child.Id)!, new DisconnectReason(DisconnectKind.LinkBroken, "Cut by the test."));
        }
    }
}
