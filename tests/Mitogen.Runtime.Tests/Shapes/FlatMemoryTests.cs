using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>What has passed leaves nothing behind, on either side.</summary>
public sealed class FlatMemoryTests : ShapeTest
{
    private const long MiB = 1024 * 1024;

    // Less than a table's entry for each of 100,000 objects.
    private const long FlatHeap = 4 * MiB;

    [Theory]
    [InlineData(Where.InProcess)]
    [InlineData(Where.Nested)]
    public async Task Many_objects_that_live_for_a_short_time(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IObjects objects = context.Get<IObjects>();
        await UseAsync(objects, 10_000);
        (Holdings here, Holdings there) = await EmptyAsync(context);

        await UseAsync(objects, 100_000);

        (Holdings afterHere, Holdings afterThere) = await EmptyAsync(context);
        Assert.InRange(afterHere.Heap, 0, here.Heap + FlatHeap);
        Assert.InRange(afterThere.Heap, 0, there.Heap + FlatHeap);
        Assert.Equal(1, await objects.LiveAsync());
    }

    /// <summary>Objects that are disposed, as a result and as a promise, and some that are forgotten.</summary>
    private static async Task UseAsync(IObjects objects, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async worker =>
        {
            for (int i = worker; i < count; i += 100)
            {
                INode node = i % 2 == 0 ? await objects.CreateAsync("short") : objects.Open("short");
                Assert.Equal(0, await node.GetAsync());
                if (i % 7 != 0)
                    await node.DisposeAsync();
            }
        }));
    }

    private async Task<(Holdings Here, Holdings There)> EmptyAsync(IRemoteContext context)
    {
        (Holdings Here, Holdings There) holdings = default;
        await UntilAsync(async () =>
        {
            holdings = await CountAsync(context);
            return holdings is { Here: { Exports: 0, Imports: 0 }, There: { Exports: 0, Imports: 0 } };
        });
        return holdings;
    }

    private async Task<(Holdings Here, Holdings There)> CountAsync(IRemoteContext context) =>
        (Holdings.Of(Root.Hub), await context.Get<IHoldings>().CountAsync());
}
