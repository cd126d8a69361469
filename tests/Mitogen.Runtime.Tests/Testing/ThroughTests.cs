using System.Collections.Concurrent;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Testing;

public sealed class ThroughTests : CallTest
{
    private readonly TaskCompletionSource<FakeContext> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Completes when a slow context is being started.
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Calls_wait_until_the_context_is_up_and_keep_their_order()
    {
        ConcurrentQueue<int> started = new();
        InProcessRoot root = NewSlowRoot();
        IRemoteContext child = root.Through(new LocalConnection { Name = "slow" });
        IWork work = child.Get<IWork>();
        Task<byte[]>[] calls = [.. Enumerable.Range(0, 50).Select(i => work.RunAsync(i, [(byte)i]).AsTask())];
        Task<byte[]> blocking = await BlockAsync(() => work.Block(50, [50]));

        // A context that starts later is up and called.
        Assert.Equal([1], await (await root.ConnectAsync(new LocalConnection { Name = "next" }, Cancellation)).Get<IInsideOut>().EchoAsync([1]));
        Assert.Equal(0u, child.Id);
        Assert.Throws<InvalidOperationException>(() => child.Info);
        Assert.DoesNotContain(calls, c => c.IsCompleted);
        Assert.False(blocking.IsCompleted);
        _answer.SetResult(new FakeContext().Add<IWork>(new Work
        {
            Async = (step, data, _) =>
            {
                started.Enqueue(step);
                return new(data);
            },
        }));

        byte[][] answers = await Task.WhenAll(calls).InTimeAsync();
        Assert.Equal([50], await blocking.InTimeAsync());
        Assert.Equal(Enumerable.Range(0, 50), answers.Select(a => (int)a[0]));
        Assert.Equal(Enumerable.Range(0, 50), started);
        Assert.NotEqual(0u, child.Id);
        Assert.Equal(Environment.ProcessId, child.Info.ProcessId);
    }

    [Fact]
    public async Task A_failure_gives_every_call_an_exception_of_its_own()
    {
        IRemoteContext child = NewSlowRoot().Through(new LocalConnection { Name = "slow" });
        IWork work = child.Get<IWork>();
        TaskCompletionSource disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = child.Disconnected.Register(disconnected.SetResult);
        Task<byte[]>[] calls = [.. Enumerable.Range(0, 5).Select(i => work.RunAsync(i, []).AsTask())];
        Task<byte[]> blocking = await BlockAsync(() => work.Block(5, []));

        _answer.SetResult(FakeContext.Failing(BootstrapReason.NoRuntime, "There is no runtime."));

        List<BootstrapException> errors = [];
        foreach (Task<byte[]> call in calls.Append(blocking).Append(work.RunAsync(6, []).AsTask()))
        {
            errors.Add(await Assert.ThrowsAsync<BootstrapException>(() => call.InTimeAsync()));
        }

        Assert.All(errors, e => Assert.Equal((BootstrapReason.NoRuntime, "slow", "root"), (e.Reason, e.ContextName, e.Hop)));
        Assert.Equal(errors.Count, errors.Distinct(ReferenceEqualityComparer.Instance).Count());
        await disconnected.Task.InTimeAsync();
        Assert.Equal(DisconnectKind.NeverStarted, child.DisconnectReason!.Kind);
        await child.DisposeAsync();
    }

    [Fact]
    public async Task Contexts_are_pipelined()
    {
        IRemoteContext far = NewSlowRoot().Through(new LocalConnection { Name = "one" }).Through(new LocalConnection { Name = "two" }).Through(new LocalConnection { Name = "three" });
        Task<byte[]> call = far.Get<IWork>().RunAsync(0, [3]).AsTask();

        _answer.SetResult(new FakeContext().Add<IWork>(new Work()));

        Assert.Equal([3], await call.InTimeAsync());
        Assert.Equal("two", far.Parent!.Name);
    }

    [Fact]
    public async Task A_failure_on_the_way_reaches_what_is_behind_it()
    {
        IRemoteContext far = NewSlowRoot().Through(new LocalConnection { Name = "one" }).Through(new LocalConnection { Name = "two" });
        Task<byte[]> call = far.Get<IWork>().RunAsync(0, [3]).AsTask();

        _answer.SetResult(FakeContext.Failing(BootstrapReason.ToolNotFound, "There is no tool."));

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => call.InTimeAsync());
        Assert.Equal("one", error.ContextName);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_can_be_disposed_while_it_starts(bool failing)
    {
        InProcessRoot root = NewSlowRoot();
        IRemoteContext child = root.Through(new LocalConnection());
        Task<byte[]> call = child.Get<IWork>().RunAsync(0, []).AsTask();
        await _asked.Task.InTimeAsync();

        await child.DisposeAsync().AsTask().InTimeAsync();

        ContextLostException error = await Assert.ThrowsAsync<ContextLostException>(() => call);
        Assert.Equal(DisconnectKind.Disposed, error.Reason.Kind);
        await Assert.ThrowsAsync<ContextLostException>(async () => await child.Get<IWork>().IncrementAsync(1));
        _answer.SetResult(failing ? FakeContext.Failing(BootstrapReason.NoRuntime, "no") : new FakeContext());
        await UntilAsync(() => child.Disconnected.IsCancellationRequested);
        Assert.Equal(0u, child.Id);

        // The root is as good as new.
        Assert.Equal([1], await (await root.ConnectAsync(new LocalConnection { Name = "next" }, Cancellation)).Get<IInsideOut>().EchoAsync([1]));
    }

    private InProcessRoot NewSlowRoot() => NewRoot().OnConnect<LocalConnection>(c =>
    {
        if (c.Name == "next")
        {
            return new FakeContext();
        }

        _ = _asked.TrySetResult();
        return _answer.Task.InTimeAsync().GetAwaiter().GetResult();
    });
}
