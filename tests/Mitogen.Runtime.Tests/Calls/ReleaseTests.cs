using System.Runtime.CompilerServices;
using Mitogen.Calls;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>What is not needed any more is given back, whatever becomes of other calls, and a release that fails harms nobody.</summary>
[Collection(ProcessTests.Name)] // what its calls hold are threads of the pool, which other tests need
public sealed class ReleaseTests : CallTest, IClassFixture<ReleaseTests.RoomyPool>
{
    [Fact]
    public async Task A_forgotten_proxy_is_released_after_its_deadline_too()
    {
        using KeptMaker keeper = new();
        IRemoteContext child = await ContextOfAsync<IKeptMaker>(keeper);
        await HoldAndForgetAsync(child.Get<IKeptMaker>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(300) }), 3);
        await UntilAsync(() => Collect() && keeper.Held == 3);

        // Longer than a release with the proxy's deadline would live.
        await Task.Delay(1000, Cancellation);
        Assert.Equal(3, keeper.Live);
        keeper.Opened.Set();

        await UntilAsync(() => Collect() && keeper.Live == 0);
    }

    [Fact]
    public async Task A_proxy_that_is_disposed_is_released_after_its_deadline_too()
    {
        using KeptMaker keeper = new();
        IRemoteContext child = await ContextOfAsync<IKeptMaker>(keeper);
        IKept kept = await child.Get<IKeptMaker>(new CallOptions { Timeout = TimeSpan.FromSeconds(1) }).MakeAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => kept.HoldAsync());
        Task disposing = kept.DisposeAsync().AsTask();
        await Task.Delay(1500, Cancellation);
        Assert.False(disposing.IsCompleted);
        keeper.Opened.Set();

        await disposing.InTimeAsync();
        Assert.Equal(0, keeper.Live);
    }

    [Fact]
    public async Task Releases_need_no_room_among_the_calls()
    {
        using KeptMaker keeper = new();
        IRemoteContext child = await ContextOfAsync<IKeptMaker>(keeper, options: new MitogenOptions { MaxOpenStreams = 1, MaxWaitingCalls = 0 });
        IKept holding = await child.Get<IKeptMaker>().MakeAsync();
        IKept disposed = await child.Get<IKeptMaker>().MakeAsync();
        await MakeAndForgetAsync(child.Get<IKeptMaker>(), 100);
        Task held = holding.HoldAsync();
        await UntilAsync(() => keeper.Held == 1);

        await disposed.DisposeAsync().AsTask().InTimeAsync();
        await UntilAsync(() => Collect() && keeper.Live == 1);

        keeper.Opened.Set();
        await held;
    }

    [Fact]
    public async Task A_context_that_does_not_answer_delays_its_own_releases_alone()
    {
        using KeptMaker silent = new();
        using KeptMaker other = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(c => new FakeContext().Add<IKeptMaker>(c.Name == "silent" ? silent : other));
        IRemoteContext first = await root.ConnectAsync(new LocalConnection { Name = "silent" }, Cancellation);
        IRemoteContext second = await root.ConnectAsync(new LocalConnection { Name = "other" }, Cancellation);
        await HoldAndForgetAsync(first.Get<IKeptMaker>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(500) }), 8);
        await UntilAsync(() => Collect() && silent.Held == 8);
        await MakeAndForgetAsync(second.Get<IKeptMaker>(), 100);

        await UntilAsync(() => Collect() && other.Live == 0);

        // Its end drops what waits.
        await using (IKept late = await first.Get<IKeptMaker>().MakeAsync())
        {
            Task ended = first.DisposeAsync().AsTask();
            silent.Opened.Set();
            await ended.InTimeAsync();
        }
    }

    [Fact]
    public async Task A_promise_that_is_not_kept_yet_holds_up_no_other_release()
    {
        using KeptMaker keeper = new();
        IRemoteContext child = await ContextOfAsync<IKeptMaker>(keeper);
        PromiseAndForget(child.Get<IKeptMaker>(), 100);
        await MakeAndForgetAsync(child.Get<IKeptMaker>(), 10);

        await UntilAsync(() => Collect() && keeper.Made.Count == 10 && keeper.Live == 0);

        keeper.Opened.Set();
        await UntilAsync(() => Collect() && keeper.Made.Count == 110 && keeper.Live == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_released_is_in_nobodys_memory(bool disposed)
    {
        using KeptMaker keeper = new();
        IRemoteContext child = await ContextOfAsync<IKeptMaker>(keeper);
        if (disposed)
        {
            await MakeAndDisposeAsync(child.Get<IKeptMaker>(), 2000);
        }
        else
        {
            await MakeAndForgetAsync(child.Get<IKeptMaker>(), 2000);
        }

        // No further call comes.
        await UntilAsync(() => Collect() && keeper.Live == 0);
        await UntilAsync(() => Collect() && !keeper.Made.Any(m => m.IsAlive));
    }

    [Fact]
    public async Task A_few_releases_are_under_way_to_one_context()
    {
        using KeptMaker keeper = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IKeptMaker>(keeper));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        await HoldAndForgetAsync(child.Get<IKeptMaker>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(500) }), 50);
        await UntilAsync(() => Collect() && Streams(root) == ReleaseQueue.MostAtOnce);

        await Task.Delay(200, Cancellation);
        Assert.Equal(ReleaseQueue.MostAtOnce, Streams(root));
        keeper.Opened.Set();
        await UntilAsync(() => Collect() && keeper.Live == 0);
        await UntilAsync(() => Streams(root) == 0);
    }

    private static int Streams(InProcessRoot root)
    {
        using (HubLock locked = root.Node.Hub.Enter())
        {
            return locked.Kernel.StreamCount;
        }
    }

    internal static bool Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task HoldAndForgetAsync(IKeptMaker keeper, int count)
    {
        IKept[] kept = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => keeper.MakeAsync()));
        Task[] held = [.. kept.Select(k => k.HoldAsync())];
        await Task.WhenAll(held).ContinueWith(t => Assert.IsType<TimeoutException>(t.Exception!.InnerException), TaskScheduler.Default);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task MakeAndForgetAsync(IKeptMaker keeper, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await (await keeper.MakeAsync()).PingAsync();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task MakeAndDisposeAsync(IKeptMaker keeper, int count)
    {
        IKept[] kept = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => keeper.MakeAsync()));
        await Task.WhenAll(kept.Select(k => k.DisposeAsync().AsTask()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PromiseAndForget(IKeptMaker keeper, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = keeper.Promise();
        }
    }

    /// <summary>Each call that is held has a thread of the pool, which makes more of them only from time to time.</summary>
    public sealed class RoomyPool : IDisposable
    {
        private readonly int _workers;
        private readonly int _ports;

        public RoomyPool()
        {
            ThreadPool.GetMinThreads(out _workers, out _ports);
            Assert.True(ThreadPool.SetMinThreads(_workers + 100, _ports));
        }

        public void Dispose() => Assert.True(ThreadPool.SetMinThreads(_workers, _ports));
    }
}
