using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Calls;

[Collection(ProcessTests.Name)] // it counts this process's allocations
public sealed class AllocationTests(ITestOutputHelper output) : CallTest
{
    private const int Warmup = 2000;
    private const int Calls = 5000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_awaited_call_allocates_little_on_both_sides_together(bool inRoot)
    {
        IWork work = await ServeAsync<IWork>(new Work(), inRoot);
        await CallAsync(work, Warmup);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await CallAsync(work, Calls);
        long perCall = (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;

        output.WriteLine($"{perCall} bytes for an awaited call, caller and callee together");
        Assert.InRange(perCall, 0, 8);
    }

    [Fact]
    public async Task A_blocking_call_allocates_next_to_nothing_on_its_thread()
    {
        IWork work = await ServeAsync<IWork>(new Work());
        for (int i = 0; i < Warmup; i++)
        {
            _ = work.Increment(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            _ = work.Increment(i);
        }

        long perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;

        output.WriteLine($"{perCall} bytes for a blocking call on the calling thread");
        Assert.InRange(perCall, 0, 8);
    }

    private static async Task CallAsync(IWork work, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = await work.IncrementAsync(i).ConfigureAwait(false);
        }
    }
}
