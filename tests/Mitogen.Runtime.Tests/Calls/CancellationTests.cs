using System.Collections.Concurrent;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class CancellationTests : CallTest
{
    private static readonly CallOptions s_deadline = new() { Timeout = TimeSpan.FromMilliseconds(100) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_is_cancelled_already_sends_nothing(bool inRoot)
    {
        int calls = 0;
        IWork work = await ServeAsync<IWork>(new Work { Async = (_, d, _) => new(Count(d)), Sync = (_, d, _) => Count(d) }, inRoot);
        CancellationToken cancelled = new(canceled: true);

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await work.RunUntilAsync(0, cancelled));
        Assert.Equal(cancelled, error.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => work.BlockUntil(0, cancelled));
        _ = await work.IncrementAsync(1);

        Assert.Equal(0, calls);

        byte[] Count(byte[] data)
        {
            calls++;
            return data;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_call_ends_here_and_its_callee_sees_it(bool inRoot)
    {
        TaskCompletionSource<CancellationToken> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IWork work = await ServeAsync<IWork>(new Work { Async = (_, _, token) => WaitAsync(token) }, inRoot);
        using CancellationTokenSource source = new();

        Task<byte[]> call = work.RunUntilAsync(0, source.Token).AsTask();
        await started.Task.InTimeAsync();
        await source.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.True(call.IsCanceled);
        await seen.Task.InTimeAsync();
        Assert.Equal(2, await work.IncrementAsync(1));

        async ValueTask<byte[]> WaitAsync(CancellationToken token)
        {
            started.SetResult(token);
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                seen.SetResult();
                throw;
            }

            return [];
        }
    }

    [Fact]
    public async Task A_callee_that_ignores_its_token_does_not_hold_the_caller()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<byte[]> never = new();
        using ManualResetEventSlim release = new();
        IWork work = await ServeAsync<IWork>(new Work
        {
            Async = (_, _, _) =>
            {
                started.SetResult();
                return new(never.Task);
            },
            Sync = (_, _, _) =>
            {
                _ = release.Wait(Patience, CancellationToken.None);
                return [];
            },
        });
        using CancellationTokenSource source = new();
        Task<byte[]> call = work.RunUntilAsync(0, source.Token).AsTask();
        await started.Task.InTimeAsync();
        using CancellationTokenSource soon = new(50);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTimeAsync());
        OperationCanceledException blocked = Assert.Throws<OperationCanceledException>(() => work.BlockUntil(0, soon.Token));
        Assert.Equal(soon.Token, blocked.CancellationToken);

        release.Set();
        never.SetResult([]);
        Assert.Equal(2, work.Increment(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deadline_ends_the_call_and_cancels_its_callee(bool blocking)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IRemoteContext child = await ContextOfAsync<IWork>(new Work
        {
            Async = async (_, _, token) =>
            {
                await using CancellationTokenRegistration registration = token.Register(seen.SetResult);
                await seen.Task;
                return [];
            },
            Sync = (_, _, token) =>
            {
                Assert.True(token.WaitHandle.WaitOne(Patience));
                seen.SetResult();
                return [];
            },
        });
        IWork work = child.Get<IWork>(s_deadline);

        TimeoutException error = blocking
            ? Assert.Throws<TimeoutException>(() => work.BlockUntil(0, CancellationToken.None))
            : await Assert.ThrowsAsync<TimeoutException>(async () => await work.RunUntilAsync(0, CancellationToken.None));

        Assert.Contains(blocking ? "IWork.BlockUntil" : "IWork.RunUntilAsync", error.Message, StringComparison.Ordinal);
        await seen.Task.InTimeAsync();
        Assert.Equal(2, await child.Get<IWork>().IncrementAsync(1));
    }

    [Fact]
    public async Task A_deadline_holds_for_a_context_that_is_not_up()
    {
        TaskCompletionSource up = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ =>
        {
            up.Task.Wait(Patience);
            return new FakeContext().Add<IWork>(new Work());
        });
        IWork work = root.Through(new LocalConnection()).Get<IWork>(s_deadline);

        await Assert.ThrowsAsync<TimeoutException>(async () => await work.IncrementAsync(1));
        Assert.Throws<TimeoutException>(() => work.Increment(1));
        up.SetResult();
    }

    [Fact]
    public async Task Calls_in_time_are_not_touched_by_their_deadline()
    {
        IRemoteContext child = await ContextOfAsync<IWork>(new Work());
        IWork work = child.Get<IWork>(new CallOptions { Timeout = TimeSpan.FromSeconds(50) });
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(i + 1, await work.IncrementAsync(i));
        }
    }

    [Fact]
    public async Task Calls_that_were_given_up_before_they_were_sent_leave_no_gap()
    {
        TaskCompletionSource<byte[]> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<int> started = new();
        IWork work = await ServeAsync<IWork>(
            new Work
            {
                Async = (step, _, _) =>
                {
                    started.Enqueue(step);
                    return step == 0 ? new(first.Task) : new([]);
                },
            },
            options: new MitogenOptions { MaxOpenStreams = 1 });
        using CancellationTokenSource source = new();

        // One slot: the first has it, the others wait to be sent.
        List<Task<byte[]>> calls = [.. Enumerable.Range(0, 20).Select(i => work.RunUntilAsync(i, i % 3 == 1 ? source.Token : default).AsTask())];
        await UntilAsync(() => !started.IsEmpty);
        await source.CancelAsync();
        first.SetResult([]);

        for (int i = 0; i < calls.Count; i++)
        {
            if (i % 3 == 1)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls[i]);
            }
            else
            {
                Assert.Empty(await calls[i].InTimeAsync());
            }
        }

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 3 != 1), started);
    }

    [Fact]
    public async Task A_large_call_that_is_given_up_half_sent_leaves_no_gap()
    {
        IRemoteContext child = await ContextOfAsync<IWork>(new Work());
        IWork work = child.Get<IWork>();
        byte[] large = Bytes(8 * 1024 * 1024);
        IWork hurried = child.Get<IWork>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        int lost = 0;
        for (int i = 0; i < 20; i++)
        {
            Task<byte[]> call = hurried.RunAsync(0, large).AsTask();
            Assert.Equal(i + 1, await work.IncrementAsync(i).AsTask().InTimeAsync());
            try
            {
                _ = await call;
            }
            catch (TimeoutException)
            {
                lost++;
            }
        }

        Assert.True(lost > 0, "no call was given up");
    }

    [Fact]
    public async Task A_callback_on_the_token_that_throws_ends_nothing_but_itself()
    {
        RecordingLoggers loggers = new();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IWork work = await ServeAsync<IWork>(
            new Work
            {
                Async = (_, _, token) =>
                {
                    _ = token.Register(() => throw new IOException("from the callback"));
                    started.SetResult();
                    return new(Task.Delay(Timeout.Infinite, token).ContinueWith(_ => Array.Empty<byte>(), TaskScheduler.Default));
                },
            },
            options: new MitogenOptions { LoggerFactory = loggers });
        using CancellationTokenSource source = new();
        Task<byte[]> call = work.RunUntilAsync(0, source.Token).AsTask();
        await started.Task.InTimeAsync();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await UntilAsync(() => loggers.Records.Any(r => r.Exception?.ToString().Contains("from the callback", StringComparison.Ordinal) == true));
        Assert.Equal(2, await work.IncrementAsync(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(25 * 24 * 60 * 60 * 1000L)]
    public async Task A_deadline_out_of_range_is_refused(long milliseconds)
    {
        IRemoteContext child = await ContextOfAsync<IWork>(new Work());

        Assert.Throws<ArgumentOutOfRangeException>(() => child.Get<IWork>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(milliseconds) }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25 * 24 * 60 * 60 * 1000L)]
    public async Task A_contexts_deadline_out_of_range_is_refused(long milliseconds)
    {
        LocalConnection connection = new() { CallTimeout = TimeSpan.FromMilliseconds(milliseconds) };

        ArgumentOutOfRangeException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => NewRoot().ConnectAsync(connection, Cancellation));

        Assert.Contains("Connection.CallTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contexts_deadline_is_that_of_calls_without_one_of_their_own()
    {
        TaskCompletionSource<byte[]> released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Async = (_, _, _) => new(released.Task) }));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { CallTimeout = TimeSpan.FromMilliseconds(50) }, Cancellation);

        Task<byte[]> own = child.Get<IWork>(new CallOptions { Timeout = TimeSpan.FromDays(1) }).RunAsync(0, []).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(async () => await child.Get<IWork>().RunAsync(0, []));
        await Assert.ThrowsAsync<TimeoutException>(async () => await child.Get<IWork>(new CallOptions()).RunAsync(0, []));

        Assert.False(own.IsCompleted);
        released.SetResult([]);
        Assert.Empty(await own);
    }
}
