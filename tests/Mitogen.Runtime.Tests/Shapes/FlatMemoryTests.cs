using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>What has passed leaves nothing behind, on either side.</summary>
public sealed class FlatMemoryTests : ShapeTest
{
    private const long MiB = 1024 * 1024;

    // Less than a table's entry for each of 100,000 objects.
    private const long FlatHeap = 4 * MiB;

    // Some windows of 1 MiB, and the parts that are made and read.
    private const long FlatStream = 8 * MiB;

    // The collector keeps what it may need again, and takes no notice of how little a machine has.
    private const long FlatProcess = 96 * MiB;

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

    [Theory]
    [InlineData(Where.InProcess)]
    [InlineData(Where.Nested)]
    public async Task A_gigabyte_of_there(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IBytes bytes = context.Get<IBytes>();
        await FlowAsync(context, async (count, atMark) =>
        {
            await using Stream opened = await bytes.OpenAsync(count);
            PatternStream pattern = new(count);
            await opened.CopyToAsync(new MarkedStream(pattern, count / 8, atMark), Cancellation);
            return pattern.Done;
        });
    }

    [Theory]
    [InlineData(Where.InProcess)]
    [InlineData(Where.Nested)]
    public async Task A_gigabyte_of_here(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IBytes bytes = context.Get<IBytes>();
        await FlowAsync(context, (count, atMark) => bytes.CheckAsync(new MarkedStream(new PatternStream(count), count / 8, atMark), Cancellation));
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
                {
                    await node.DisposeAsync();
                }
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

    private async Task FlowAsync(IRemoteContext context, Func<long, Func<Task>, Task<long>> flow)
    {
        Assert.Equal(16 * MiB, await flow(16 * MiB, () => CountAsync(context)));
        (Holdings here, Holdings there) = await CountAsync(context);
        int marks = 0;

        Assert.Equal(1024 * MiB, await flow(1024 * MiB, async () =>
        {
            (Holdings whileHere, Holdings whileThere) = await CountAsync(context);
            Assert.InRange(whileHere.Heap, 0, here.Heap + FlatStream);
            Assert.InRange(whileThere.Heap, 0, there.Heap + FlatStream);
            Assert.InRange(whileHere.Resident, 0, here.Resident + FlatProcess);
            Assert.InRange(whileThere.Resident, 0, there.Resident + FlatProcess);
            marks++;
        }));
        Assert.Equal(8, marks);
        await NothingIsExportedAsync();
    }
}
