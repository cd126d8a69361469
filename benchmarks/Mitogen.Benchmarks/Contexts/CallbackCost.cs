using System.Diagnostics;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>Sixteen chains at once of calls that come back, ten levels deep, awaiting and blocking. Nothing in them takes time but the calls.</summary>
internal static class CallbackCost
{
    private const int Chains = 16;
    private const int Depth = 10;

    public static async Task RunAsync(TimeSpan time)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRally there = (await root.ConnectAsync(new LocalConnection())).Get<IRally>();
        Rally[] here = [.. Enumerable.Range(0, Chains).Select(_ => new Rally())];
        await MeasureAsync("async", time, here, back => there.PingAsync(Depth, back));
        await MeasureAsync("blocking", time, here, back => Task.Factory.StartNew(
            () => there.Ping(Depth, back), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    private static async Task MeasureAsync(string name, TimeSpan time, Rally[] here, Func<Rally, Task<int>> call)
    {
        Latencies latencies = new(1 << 16);
        double first = 0;
        for (long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency); Stopwatch.GetTimestamp() < end && !latencies.IsFull;)
        {
            long before = Stopwatch.GetTimestamp();
            int[] levels = await Task.WhenAll(here.Select(call));
            long took = Stopwatch.GetTimestamp() - before;
            if (levels.Any(l => l != Depth))
            {
                throw new InvalidOperationException("A chain is too short.");
            }

            if (first == 0)
            {
                first = took * 1e3 / Stopwatch.Frequency;
                continue;
            }

            latencies.Add(took);
        }

        Figures.Print($"{name}.first.ms", first);
        Figures.Print($"{name}.median.ms", latencies.Quantile(0.5) / 1e3);
        Figures.Print($"{name}.p99.ms", latencies.Quantile(0.99) / 1e3);
    }
}
