using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Testing;

public sealed class InProcessEndTests : CallTest
{
    private readonly TaskCompletionSource<byte[]> _never = new();
    private int _started;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_a_child_ends_its_calls_with_the_reason(bool root)
    {
        InProcessRoot top = NewRoot();
        top.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(Endless()));
        IRemoteContext child = await top.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        IRemoteContext grandchild = await child.ConnectAsync(new LocalConnection { Name = "grandchild" }, Cancellation);
        IWork[] works = [child.Get<IWork>(), grandchild.Get<IWork>()];
        Task<byte[]>[] calls = [.. works.SelectMany(w => new[]
        {
            w.RunAsync(0, []).AsTask(),
            Task.Factory.StartNew(() => w.Block(0, []), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        })];
        await UntilAsync(() => Volatile.Read(ref _started) == 4);

        await (root ? top : child).DisposeAsync().AsTask().InTimeAsync();

        foreach (Task<byte[]> call in calls)
        {
            ContextLostException error = await Assert.ThrowsAsync<ContextLostException>(() => call.InTimeAsync());
            Assert.StartsWith("root/child", error.ContextName, StringComparison.Ordinal);
            Assert.Contains(error.Reason.Kind, new[] { DisconnectKind.Disposed, DisconnectKind.AncestorLost });
        }

        foreach (IWork work in works)
        {
            await Assert.ThrowsAsync<ContextLostException>(async () => await work.IncrementAsync(1));
            Assert.Throws<ContextLostException>(() => work.Increment(1));
        }

        Assert.Equal(DisconnectKind.Disposed, child.DisconnectReason!.Kind);
        Assert.NotNull(grandchild.DisconnectReason);
        await UntilAsync(() => child.Disconnected.IsCancellationRequested && grandchild.Disconnected.IsCancellationRequested);
        await child.DisposeAsync();
        await grandchild.DisposeAsync();
        _never.SetResult([]);
    }

    [Fact]
    public async Task Disposing_a_root_ends_its_calls_on_itself()
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot();
        root.Add<IWork>(new Work
        {
            Async = async (_, _, token) =>
            {
                await using CancellationTokenRegistration registration = token.Register(seen.SetResult);
                _ = Interlocked.Increment(ref _started);
                return await _never.Task;
            },
        });
        Task<byte[]> call = root.Get<IWork>().RunUntilAsync(0, CancellationToken.None).AsTask();
        await UntilAsync(() => Volatile.Read(ref _started) == 1);

        await root.DisposeAsync().AsTask().InTimeAsync();

        ContextLostException error = await Assert.ThrowsAsync<ContextLostException>(() => call.InTimeAsync());
        Assert.Equal(DisconnectKind.Disposed, error.Reason.Kind);
        await seen.Task.InTimeAsync();
        await Assert.ThrowsAsync<ContextLostException>(async () => await root.Get<IWork>().IncrementAsync(1));
        await Assert.ThrowsAsync<ContextLostException>(() => root.ConnectAsync(new LocalConnection(), Cancellation));
        _never.SetResult([]);
    }

    [Fact]
    public async Task A_sibling_goes_on()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work()));
        IRemoteContext one = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext two = await root.ConnectAsync(new LocalConnection(), Cancellation);

        await one.ShutdownAsync(Cancellation);

        Assert.Equal(2, await two.Get<IWork>().IncrementAsync(1));
        Assert.Null(two.DisconnectReason);
    }

    private Work Endless() => new()
    {
        Async = async (_, _, _) =>
        {
            _ = Interlocked.Increment(ref _started);
            return await _never.Task;
        },
        Sync = (_, _, _) =>
        {
            _ = Interlocked.Increment(ref _started);
            return _never.Task.GetAwaiter().GetResult();
        },
    };
}
