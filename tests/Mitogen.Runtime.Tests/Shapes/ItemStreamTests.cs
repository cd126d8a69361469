using System.Runtime.CompilerServices;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Streams of items as results, as arguments and as parts of results.</summary>
public sealed class ItemStreamTests : ShapeTest
{
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Items_come_in_order_and_end(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);

        Assert.Equal(Enumerable.Range(5, 20_000), await items.CountAsync(5, 20_000, Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await items.CountAsync(0, 0, Cancellation).ToListAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Each_enumeration_is_a_call_and_one_that_is_never_made_costs_nothing(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        IAsyncEnumerable<int> endless = items.EndlessAsync(Cancellation);
        Assert.Equal(0, await items.ProducedAsync());

        Assert.Equal([0, 1, 2], await endless.Take(3).ToListAsync(Cancellation));
        Assert.Equal([0, 1], await endless.Take(2).ToListAsync(Cancellation));
        await items.AllEndedAsync(Cancellation);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_enumerator_that_is_forgotten_ends_its_producer(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        await BeginAndForgetAsync(items, 20);
        Task ended = items.AllEndedAsync(Cancellation);
        await UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Task.FromResult(ended.IsCompleted);
        });
        await ended;
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_enumerator_that_was_disposed_has_no_more_items(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        IAsyncEnumerator<int> some = items.CountAsync(0, 1000, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await some.MoveNextAsync());
        await some.DisposeAsync();

        Assert.False(await some.MoveNextAsync());
        Assert.False(await some.MoveNextAsync());
        await some.DisposeAsync();
    }

    private static async Task BeginAndForgetAsync(IItems items, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(await items.EndlessAsync(Cancellation).GetAsyncEnumerator(Cancellation).MoveNextAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Several_streams_run_at_once(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        List<int>[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => items.CountAsync(i, 3000, Cancellation).ToListAsync(Cancellation).AsTask()));

        Assert.All(all.Index(), one => Assert.Equal(Enumerable.Range(one.Index, 3000), one.Item));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_consumer_that_stops_holds_the_producer(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        await using IAsyncEnumerator<int> endless = items.EndlessAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await endless.MoveNextAsync());

        // It comes to rest: what it is ahead is bounded by the windows and the parts on their way.
        const int Most = 1_000_000 / sizeof(int);
        int after = 0;
        int same = 0;
        await UntilAsync(async () =>
        {
            int before = after;
            after = await items.ProducedAsync();
            same = after == before && after > 1 ? same + 1 : 0;
            return same == 20 || after > Most;
        });

        Assert.InRange(after, 2, Most);
        for (int i = 1; i < 2 * after; i++)
        {
            Assert.True(await endless.MoveNextAsync());
            Assert.Equal(i, endless.Current);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_token_ends_a_stream_that_never_has_an_item(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        using CancellationTokenSource own = new();
        await using IAsyncEnumerator<string> never = items.NeverAsync(Cancellation).GetAsyncEnumerator(own.Token);
        Task<bool> move = never.MoveNextAsync().AsTask();
        await UntilAsync(async () => await items.ProducedAsync() == 1);
        await own.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);
        await items.AllEndedAsync(Cancellation);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Items_before_a_failure_arrive_and_the_failure_keeps_its_type(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        List<int> seen = [];
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (int item in items.FailAfterAsync(3, Cancellation))
            {
                seen.Add(item);
            }
        });

        Assert.Equal("After 3 items.", failure.Message);
        Assert.Equal([0, 1, 2], seen);
        await items.AllEndedAsync(Cancellation);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Items_larger_than_a_window_pass(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        int count = 0;
        await foreach (byte[] item in items.LargeAsync(3_000_000, 4, Cancellation))
        {
            Assert.Equal(3_000_000, item.Length);
            Assert.Equal(count++, item[^1]);
        }

        Assert.Equal(4, count);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_stream_is_an_argument(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);

        Assert.Equal(4950, await items.SumAsync(Own(0, 100, null, Cancellation), Cancellation));
        Assert.Equal(49_995_000, await items.SumAsync(Own(0, 10_000, null, Cancellation), Cancellation));
        Assert.Equal([0, 2, 4], await items.DoubleAsync(Own(0, 3, null, Cancellation), Cancellation).ToListAsync(Cancellation));
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_argument_of_which_a_part_or_nothing_is_read_is_let_go(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Assert.Equal(3, await items.SumFirstAsync(Own(0, int.MaxValue, disposed, Cancellation), 3, Cancellation));
        await disposed.Task.InTimeAsync();
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_failure_of_an_argument_reaches_the_callee_and_comes_back(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => items.SumAsync(Broken(), Cancellation));
        Assert.Equal("Broken here.", failure.Message);
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Streams_in_a_tuple_are_read_side_by_side(Where where)
    {
        IItems items = await ServeAsync<IItems>(where);
        (IAsyncEnumerable<int> even, IAsyncEnumerable<int> odd) = await items.SplitAsync(500);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (2 * i, (2 * i) + 1)), await even.Zip(odd).ToListAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await even.AnyAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_loss_of_the_context_ends_the_stream(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        await using IAsyncEnumerator<string> never = context.Get<IItems>().NeverAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Task<bool> move = never.MoveNextAsync().AsTask();
        await context.DisposeAsync();

        await Assert.ThrowsAsync<ContextLostException>(() => move.InTimeAsync());
    }

    private static async IAsyncEnumerable<int> Own(
        int first, int count, TaskCompletionSource? disposed = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (i % 100 == 99)
                {
                    await Task.Yield();
                }

                yield return first + i;
            }
        }
        finally
        {
            disposed?.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<int> Broken()
    {
        yield return 1;
        await Task.Yield();
        throw new InvalidDataException("Broken here.");
    }
}
