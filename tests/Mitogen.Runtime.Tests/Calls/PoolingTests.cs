using System.Collections.Concurrent;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>The instances behind calls are used again: no use may touch another.</summary>
[Collection(nameof(PoolingTests))] // one at a time: the tests share the pool of one result type
public sealed class PoolingTests : CallTest
{
    [Fact]
    public async Task A_task_that_is_awaited_twice_does_not_touch_the_call_after_it()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IPooledCalls calls = await ServeAsync<IPooledCalls>(new PooledCalls(value => value == 1 ? Task.CompletedTask : release.Task));
        await DrainPoolAsync(calls);
#pragma warning disable CA2012 // the misuse is what is tested
        ValueTask<Pooled> first = calls.EchoAsync(1, Cancellation);
        Assert.Equal(1, (await first).Value);

        ValueTask<Pooled> second = calls.EchoAsync(2, Cancellation);
        Assert.Throws<InvalidOperationException>(() => first.GetAwaiter().GetResult());
        Assert.Throws<InvalidOperationException>(() => second.GetAwaiter().GetResult());
        Task<Pooled> third = calls.EchoAsync(3, Cancellation).AsTask();
        release.SetResult();

        Assert.Equal(2, (await second).Value);
        Assert.Equal(3, (await third).Value);
#pragma warning restore CA2012
    }

    [Fact]
    public async Task A_call_given_up_before_its_context_is_up_stays_given_up_when_its_instance_is_used_again()
    {
        using ManualResetEventSlim up = new();
        TaskCompletionSource isUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<string> started = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(c =>
        {
            if (c.Name == "late")
            {
                Assert.True(up.Wait(Patience));
            }

            return new FakeContext().Add<IPooledCalls>(new PooledCalls(value =>
            {
                started.Enqueue($"{c.Name} {value}");
                return c.Name == "late" ? Task.CompletedTask : isUp.Task;
            }));
        });
        IRemoteContext late = root.Through(new LocalConnection { Name = "late" });
        IRemoteContext early = await root.ConnectAsync(new LocalConnection { Name = "early" }, Cancellation);
        using CancellationTokenSource source = new();
        Task<Pooled>[] givenUp = [.. Enumerable.Range(0, 20).Select(i => late.Get<IPooledCalls>().EchoAsync(i, source.Token).AsTask())];
        Task<Pooled> kept = late.Get<IPooledCalls>().EchoAsync(99, Cancellation).AsTask();
        await source.CancelAsync();
        foreach (Task<Pooled> call in givenUp)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        // These use the instances of those that were given up, and are pending while the late context comes up.
        Task<Pooled>[] others = [.. Enumerable.Range(100, 20).Select(i => early.Get<IPooledCalls>().EchoAsync(i, Cancellation).AsTask())];
        up.Set();

        Assert.Equal(99, (await kept.InTimeAsync()).Value);
        isUp.SetResult();
        Assert.Equal(Enumerable.Range(100, 20), (await Task.WhenAll(others).InTimeAsync()).Select(p => p.Value));
        Assert.Equal(["late 99"], started.Where(s => s.StartsWith("late", StringComparison.Ordinal)));
        Assert.Equal(20, started.Count(s => s.StartsWith("early", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_given_up_before_its_context_failed_stays_given_up_when_its_instance_is_used_again()
    {
        using ManualResetEventSlim fail = new();
        TaskCompletionSource hasFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(c =>
        {
            if (c.Name != "late")
            {
                return new FakeContext().Add<IPooledCalls>(new PooledCalls(_ => hasFailed.Task));
            }

            Assert.True(fail.Wait(Patience));
            return FakeContext.Failing(BootstrapReason.TimedOut, "Too late.");
        });
        IRemoteContext late = root.Through(new LocalConnection { Name = "late" });
        IRemoteContext early = await root.ConnectAsync(new LocalConnection { Name = "early" }, Cancellation);
        using CancellationTokenSource source = new();
        Task<Pooled>[] givenUp = [.. Enumerable.Range(0, 20).Select(i => late.Get<IPooledCalls>().EchoAsync(i, source.Token).AsTask())];
        await source.CancelAsync();
        foreach (Task<Pooled> call in givenUp)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Task<Pooled>[] others = [.. Enumerable.Range(100, 20).Select(i => early.Get<IPooledCalls>().EchoAsync(i, Cancellation).AsTask())];

        fail.Set();
        await UntilAsync(() => late.Disconnected.IsCancellationRequested);
        hasFailed.SetResult();

        Assert.Equal(Enumerable.Range(100, 20), (await Task.WhenAll(others).InTimeAsync()).Select(p => p.Value));
    }

    [Fact]
    public async Task Deadlines_and_cancellations_that_come_as_the_answer_does_end_one_call_once()
    {
        IRemoteContext child = await ContextOfAsync<IPooledCalls>(new PooledCalls(value => Task.Delay(value % 3)));
        IPooledCalls calls = child.Get<IPooledCalls>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(2) });
        int answered = 0, late = 0, cancelled = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(lane => Task.Run(
            async () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    using CancellationTokenSource source = new(i % 4);
                    try
                    {
                        int value = (lane * 1000) + i;
                        Assert.Equal(value, (await calls.EchoAsync(value, source.Token)).Value);
                        _ = Interlocked.Increment(ref answered);
                    }
                    catch (TimeoutException)
                    {
                        _ = Interlocked.Increment(ref late);
                    }
                    catch (OperationCanceledException)
                    {
                        _ = Interlocked.Increment(ref cancelled);
                    }
                }
            },
            Cancellation)));

        Assert.Equal(1600, answered + late + cancelled);
        Assert.True(late + cancelled > 0, "no call was given up");
    }

    // What other tests of the class left in the pool comes before what this test puts there.
    private static async Task DrainPoolAsync(IPooledCalls calls)
    {
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(1, (await calls.EchoAsync(1, Cancellation)).Value);
        }
    }
}
