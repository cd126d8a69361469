using System.Diagnostics;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>A small call's time while a gigabyte of arguments goes the same way.</summary>
internal static class BulkLatency
{
    private const int MessageSize = 64 * 1024 * 1024;
    private const int Messages = 16;

    public static async Task RunAsync(TimeSpan time, bool quick)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext one = await root.ConnectAsync(new LocalConnection());
        IRemoteContext two = await one.ConnectAsync(new LocalConnection());
        foreach ((string name, IRemoteContext context) in (ReadOnlySpan<(string, IRemoteContext)>)[("one", one), ("two", two)])
        {
            RunOne(name, context, time, quick ? Messages / 8 : Messages).GetAwaiter().GetResult();
        }
    }

    private static async Task RunOne(string name, IRemoteContext context, TimeSpan time, int messages)
    {
        IBench bench = context.Get<IBench>();
        Func<ValueTask<int>> call = () => bench.AddAsync(1, 2);
        Latencies latencies = new();
        await Scenarios.CallAsync(call, time, latencies);
        latencies.Clear();
        await Scenarios.CallAsync(call, time, latencies);
        Figures.Print($"{name}.idle.p99", latencies.Quantile(0.99));

        latencies.Clear();
        long start = Stopwatch.GetTimestamp();
        Task bulk = Task.Run(() => SendAsync(context.Get<IBulk>(), messages));
        while (!bulk.IsCompleted)
        {
            await Scenarios.CallAsync(call, TimeSpan.FromMilliseconds(20), latencies);
        }

        await bulk;
        Figures.Print($"{name}.bulk.rate", messages * (MessageSize / 1e6) / Stopwatch.GetElapsedTime(start).TotalSeconds);
        Figures.Print($"{name}.bulk.p99", latencies.Quantile(0.99));
        Figures.Print($"{name}.bulk.median", latencies.Quantile(0.5));
        Figures.Print($"{name}.bulk.max", latencies.Quantile(1));
    }

    private static async Task SendAsync(IBulk bulk, int messages)
    {
        byte[] data = new byte[MessageSize];
        for (int i = 0; i < messages; i++)
        {
            if (await bulk.TakeAsync(data) != data.Length)
            {
                throw new InvalidOperationException("Not all bytes arrived.");
            }
        }
    }
}
