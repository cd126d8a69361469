using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>What ends a call, and which calls run beside which.</summary>
public sealed class ConcurrencyRuleTests : ShapeTest
{
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_token_crosses_every_hop(Where where)
    {
        IRules rules = await ServeAsync<IRules>(where);
        using CancellationTokenSource source = new();
        Task call = rules.WaitAsync(source.Token);
        await UntilAsync(async () => await rules.WaitingAsync() == 1);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await UntilAsync(async () => await rules.CancelledAsync() == 1);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_caller_goes_on_even_if_the_callee_ignores_its_token(Where where)
    {
        IRules rules = await ServeAsync<IRules>(where);
        using CancellationTokenSource source = new();
        Task call = rules.IgnoreAsync(source.Token);
        await UntilAsync(async () => await rules.WaitingAsync() == 1);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTimeAsync());
        await UntilAsync(async () => await rules.CancelledAsync() == 1);
        await rules.ReleaseAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_deadline_goes_on_with_the_calls_of_the_callee(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IRules rules = context.Get<IRules>();
        Gate never = new();

        // A call whose time is over before it starts is not run.
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromMilliseconds(100)))
        {
            IRules hurried = context.Get<IRules>(new CallOptions { Timeout = time });
            await Assert.ThrowsAsync<TimeoutException>(() => hurried.CallOnAsync(never, Cancellation));
            if (never.Reached.IsCompleted)
            {
                break;
            }
        }

        Assert.Equal(nameof(TimeoutException), await rules.EndedWithAsync().InTimeAsync());
        await UntilAsync(async () => await rules.CancelledAsync() > 0);
        never.Open();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Calls_on_an_object_start_in_order(Where where)
    {
        IRules rules = await ServeAsync<IRules>(where);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(rules.AddAsync));
        Assert.Equal(Enumerable.Range(0, 500), await rules.AddedAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Blocking_methods_hold_up_no_others(Where where)
    {
        IRules rules = await ServeAsync<IRules>(where);
        Task[] blocked = [.. Enumerable.Range(0, 40).Select(_ => Task.Factory.StartNew(rules.Block, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await UntilAsync(async () => await rules.WaitingAsync() == blocked.Length);
        await rules.ReleaseAsync();
        await Task.WhenAll(blocked).InTimeAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Calls_of_an_exclusive_service_and_of_its_object_do_not_overlap(Where where)
    {
        IOneAtATime service = await ServeAsync<IOneAtATime>(where);
        IOneAtATime same = await service.SelfAsync();
        Gate gate = new();
        Task<int>[] calls = [.. Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? service : same).EnterAsync(gate, default))];
        await gate.Reached.InTimeAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(calls).InTimeAsync(), inside => Assert.Equal(1, inside));
        Assert.Equal(1, gate.Most);
        Assert.Equal(20, await service.CountAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_call_that_comes_back_into_its_chain_is_let_in(Where where)
    {
        IOneAtATime service = await ServeAsync<IOneAtATime>(where);
        Gate inner = new();
        inner.Open();
        Gate outer = new(async () => Assert.Equal(2, await service.EnterAsync(inner, default)));
        outer.Open();

        Assert.Equal(1, await service.EnterAsync(outer, Cancellation).InTimeAsync());
        Assert.Equal(2, await service.CountAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_exclusive_service_can_be_called_between_its_items(Where where)
    {
        IOneAtATime service = await ServeAsync<IOneAtATime>(where);
        foreach (bool later in new[] { false, true })
        {
            List<int> items = [];
            await foreach (int item in later ? await service.LaterItemsAsync(20) : service.ItemsAsync(20, Cancellation))
            {
                items.Add(item);
                Assert.Equal(0, await service.CountAsync().InTimeAsync());
            }

            Assert.Equal(Enumerable.Range(0, 20), items);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_exclusive_service_makes_no_item_while_a_call_is_inside(Where where)
    {
        IOneAtATime service = await ServeAsync<IOneAtATime>(where);
        Gate gate = new();
        gate.Open();
        Task[] readers = [.. Enumerable.Range(0, 6).Select(i => ReadAsync(i % 2 == 0))];
        Task[] calls = [.. Enumerable.Range(0, 50).Select(_ => service.EnterAsync(gate, Cancellation))];

        await Task.WhenAll([.. readers, .. calls]).InTimeAsync();

        Assert.Equal(1, await service.MostAsync());

        async Task ReadAsync(bool later)
        {
            int next = 0;
            await foreach (int item in later ? await service.LaterItemsAsync(50) : service.ItemsAsync(50, Cancellation))
            {
                Assert.Equal(next++, item);
            }

            Assert.Equal(50, next);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_exclusive_service_can_read_its_own_items(Where where)
    {
        IOneAtATime service = await ServeAsync<IOneAtATime>(where);

        Assert.Equal(45, await service.SumOwnAsync(10, later: false).InTimeAsync());
        Assert.Equal(45, await service.SumOwnAsync(10, later: true).InTimeAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_call_that_is_given_up_while_it_waits_is_not_run(Where where)
    {
        IOneAtATime service = await ServeAsync<IOneAtATime>(where);
        Gate gate = new();
        Task<int> first = service.EnterAsync(gate, Cancellation);
        await gate.Reached.InTimeAsync();
        using CancellationTokenSource source = new();
        Task<int> second = service.EnterAsync(gate, source.Token);
        Task<int> third = service.EnterAsync(gate, Cancellation);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Open();

        Assert.Equal(1, await first.InTimeAsync());
        Assert.Equal(1, await third.InTimeAsync());
        Assert.Equal(2, await service.CountAsync());
    }

    /// <summary>Holds whoever passes until it is open, and counts them.</summary>
    private sealed class Gate(Func<Task>? then = null) : IGate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;
        private int _most;

        public Task Reached => _reached.Task;

        public int Most => Volatile.Read(ref _most);

        public void Open() => _open.SetResult();

        public async Task PassAsync()
        {
            int inside = Interlocked.Increment(ref _inside);
            for (int most = Most; inside > most; most = Most)
            {
                _ = Interlocked.CompareExchange(ref _most, inside, most);
            }

            _ = _reached.TrySetResult();
            await _open.Task;
            if (then is not null)
            {
                await then();
            }

            _ = Interlocked.Decrement(ref _inside);
        }
    }
}
