using System.Collections.Concurrent;
using Mitogen.Calls;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class OrderTests : CallTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Asynchronous_calls_of_one_caller_start_in_the_order_they_were_made(bool inRoot)
    {
        ConcurrentQueue<int> started = new();
        IWork work = await ServeAsync<IWork>(
            new Work
            {
                Async = async (step, data, _) =>
                {
                    started.Enqueue(step);
                    await Task.Yield();
                    return data;
                },
            },
            inRoot);
        Random random = new(3);

        Task[] calls = [.. Enumerable.Range(0, 500).Select(i => work.RunAsync(i, Bytes(random.Next(i % 10 == 0 ? 100_000 : 100))).AsTask())];
        await Task.WhenAll(calls).InTimeAsync();

        Assert.Equal(Enumerable.Range(0, 500), started);
    }

    [Fact]
    public async Task A_call_waits_behind_a_large_one_to_the_same_service_and_not_behind_one_to_another()
    {
        ConcurrentQueue<string> started = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext()
            .Add<IWork>(new Work { Async = (step, _, _) => Start($"same {step}") })
            .Add<IOtherWork>(new Work { Async = (step, _, _) => Start($"other {step}") }));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IWork same = child.Get<IWork>();
        IOtherWork other = child.Get<IOtherWork>();

        (SteppedLink down, SteppedLink up) = await SteppedLink.BetweenAsync(root, child);
        up.Dispose();
        Task<byte[]> large, small, elsewhere;
        using (down)
        {
            large = same.RunAsync(0, Bytes(20 * 1024 * 1024)).AsTask();
            small = same.RunAsync(1, []).AsTask();
            elsewhere = other.RunAsync(2, []).AsTask();

            // The two small ones come whole before the large one does.
            for (int ends = 0; ends < 2;)
            {
                ends += (await down.MoveNextAsync(Cancellation)).Count(frame => frame.IsEnd);
            }

            _ = await elsewhere.InTimeAsync();
        }

        await Task.WhenAll(large, small).InTimeAsync();

        Assert.Equal(["other 2", "same 0", "same 1"], started);

        ValueTask<byte[]> Start(string what)
        {
            started.Enqueue(what);
            return new([]);
        }
    }

    [Fact]
    public async Task Two_proxies_for_one_service_share_its_order()
    {
        ConcurrentQueue<int> started = new();
        IRemoteContext child = await ContextOfAsync<IWork>(new Work
        {
            Async = (step, _, _) =>
            {
                started.Enqueue(step);
                return new([]);
            },
        });

        Task[] calls = [.. Enumerable.Range(0, 200).Select(i => child.Get<IWork>(new CallOptions()).RunAsync(i, i % 50 == 0 ? Bytes(500_000) : []).AsTask())];
        await Task.WhenAll(calls).InTimeAsync();

        Assert.Equal(Enumerable.Range(0, 200), started);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_method_that_blocks_holds_up_nothing_else(bool inRoot)
    {
        using ManualResetEventSlim release = new();
        IWork work = await ServeAsync<IWork>(
            new Work
            {
                Sync = (_, data, _) =>
                {
                    Assert.True(release.Wait(Patience, CancellationToken.None));
                    return data;
                },
            },
            inRoot);

        Task<byte[]>[] blocked = [.. Enumerable.Range(0, 5).Select(i => Task.Factory.StartNew(() => work.Block(i, [1]), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i + 1, await work.IncrementAsync(i));
            Assert.Equal(i + 1, work.Increment(i));
        }

        Assert.DoesNotContain(blocked, t => t.IsCompleted);
        release.Set();
        await Task.WhenAll(blocked).InTimeAsync();
    }

    [Fact]
    public async Task Blocking_and_asynchronous_calls_share_one_order()
    {
        // The asynchronous part of the order is strict: a blocking call before it has been handed out, one after it waits.
        ConcurrentQueue<int> started = new();
        using ManualResetEventSlim asyncMayReturn = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IOtherWork>(new Work()).Add<IWork>(new Work
        {
            Async = (step, data, _) =>
            {
                started.Enqueue(step);
                Assert.True(asyncMayReturn.Wait(Patience, CancellationToken.None));
                return new(data);
            },
            Sync = (step, data, _) =>
            {
                started.Enqueue(step);
                return data;
            },
        }));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IWork work = child.Get<IWork>();

        Task<byte[]> first = work.RunAsync(0, []).AsTask();
        await UntilAsync(() => started.Count == 1);
        work.Tell(9);
        Task<byte[]> second = await BlockAsync(() => work.Block(1, []));

        // It is there before this one, which nothing holds up.
        _ = await child.Get<IOtherWork>().RunAsync(0, []);
        Assert.Equal([0], started);
        asyncMayReturn.Set();
        await Task.WhenAll(first, second).InTimeAsync();

        Assert.Equal([0, 1], started);
    }

    [Fact]
    public async Task With_four_slots_a_hundred_calls_come_through_in_order()
    {
        ConcurrentQueue<int> started = new();
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IRemoteContext child = await ContextOfAsync<IWork>(
            new Work
            {
                Async = async (step, data, _) =>
                {
                    started.Enqueue(step);
                    await release.Task;
                    return data;
                },
            },
            options: new MitogenOptions { MaxOpenStreams = 4 });
        CallHub inside = (await ChildNodes.OfAsync(child)).Hub;
        IWork work = child.Get<IWork>();

        Task<byte[]>[] calls = [.. Enumerable.Range(0, 100).Select(i => work.RunAsync(i, [(byte)i]).AsTask())];
        await UntilAsync(() => started.Count >= 4);
        using (HubLock locked = inside.Enter())
        {
            Assert.Equal(4, locked.Kernel.StreamCount);
        }

        Assert.Equal(4, started.Count);
        release.SetResult();
        byte[][] answers = await Task.WhenAll(calls).InTimeAsync();

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), answers.Select(a => a[0]));
        Assert.Equal(Enumerable.Range(0, 100), started);
    }

    [Fact]
    public async Task What_one_call_sets_for_its_flow_the_next_one_does_not_see()
    {
        AsyncLocal<string?> local = new();
        ConcurrentQueue<string?> seen = new();
        IWork work = await ServeAsync<IWork>(new Work
        {
            Async = (step, _, _) => new(Leave(step)),
            Sync = (step, _, _) => Leave(step),
        });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => work.RunAsync(i, []).AsTask()));
        for (int i = 0; i < 20; i++)
        {
            _ = work.Block(i, []);
        }

        Assert.Equal(70, seen.Count);
        Assert.All(seen, Assert.Null);

        byte[] Leave(int step)
        {
            seen.Enqueue(local.Value ?? SynchronizationContext.Current?.ToString());
            local.Value = $"left by {step}";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return [];
        }
    }
}
