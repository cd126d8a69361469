using System.Diagnostics;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>A small call's time while others use the same way: a gigabyte of arguments, one of results, open calls, a sibling that floods.</summary>
internal static class BulkLatency
{
    private const int MessageSize = 64 * 1024 * 1024;
    private const int Messages = 16;
    private const int OpenCalls = 1000;
    private const int FloodSize = 1024 * 1024;
    private const int Floods = 16;

    public static async Task RunAsync(TimeSpan time, bool quick)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext one = await root.ConnectAsync(new LocalConnection());
        IRemoteContext two = await one.ConnectAsync(new LocalConnection());
        IRemoteContext besideOne = await root.ConnectAsync(new LocalConnection());
        IRemoteContext besideTwo = await one.ConnectAsync(new LocalConnection());
        int messages = quick ? Messages / 8 : Messages;
        foreach ((string name, IRemoteContext context, IRemoteContext sibling) in ((string, IRemoteContext, IRemoteContext)[])
            [("one", one, besideOne), ("two", two, besideTwo)])
        {
            await RunOneAsync(name, context, sibling, time, messages);
        }
    }

    private static async Task RunOneAsync(string name, IRemoteContext context, IRemoteContext sibling, TimeSpan time, int messages)
    {
        IBench bench = context.Get<IBench>();
        IBulk bulk = context.Get<IBulk>();
        Func<ValueTask<int>> call = () => bench.AddAsync(1, 2);
        Latencies latencies = new();
        await Scenarios.CallAsync(call, time, latencies);
        latencies.Clear();
        await Scenarios.CallAsync(call, time, latencies);
        Figures.Print($"{name}.idle.p99", latencies.Quantile(0.99));

        await BesideAsync($"{name}.bulk", call, latencies, messages * (MessageSize / 1e6), () => SendAsync(bulk, messages));
        await BesideAsync($"{name}.result", call, latencies, messages * (MessageSize / 1e6), () => ReceiveAsync(bulk, messages));
        await BesideAsync($"{name}.flood", call, latencies, messages * (MessageSize / 1e6), () => FloodAsync(sibling.Get<IBulk>(), messages));
        await BesideOpenCallsAsync($"{name}.open", call, latencies, bulk, time);
    }

    private static async Task BesideAsync(string name, Func<ValueTask<int>> call, Latencies latencies, double megabytes, Func<Task> others)
    {
        latencies.Clear();
        long start = Stopwatch.GetTimestamp();
        Task running = Task.Run(others);
        while (!running.IsCompleted)
        {
            await Scenarios.CallAsync(call, TimeSpan.FromMilliseconds(20), latencies);
        }

        await running;
        Figures.Print($"{name}.rate", megabytes / Stopwatch.GetElapsedTime(start).TotalSeconds);
        Print(name, latencies);
    }

    private static async Task BesideOpenCallsAsync(string name, Func<ValueTask<int>> call, Latencies latencies, IBulk bulk, TimeSpan time)
    {
        using CancellationTokenSource end = new();
        Task[] open = [.. Enumerable.Range(0, OpenCalls).Select(_ => bulk.WaitAsync(end.Token))];
        while (await bulk.CountWaitingAsync() < OpenCalls)
        {
            await Task.Delay(10);
        }

        latencies.Clear();
        await Scenarios.CallAsync(call, time, latencies);
        Print(name, latencies);
        await end.CancelAsync();
        await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Print(string name, Latencies latencies)
    {
        Figures.Print($"{name}.p99", latencies.Quantile(0.99));
        Figures.Print($"{name}.median", latencies.Quantile(0.5));
        Figures.Print($"{name}.max", latencies.Quantile(1));
    }

    private static async Task SendAsync(IBulk bulk, int messages)
    {
        byte[] data = new byte[MessageSize];
        for (int i = 0; i < messages; i++)
        {
            Check(await bulk.TakeAsync(data), data.Length);
        }
    }

    private static async Task ReceiveAsync(IBulk bulk, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            Check((await bulk.GiveAsync(MessageSize)).Length, MessageSize);
        }
    }

    /// <summary>Many results of a sibling at once, the whole of it as much as the other two.</summary>
    private static Task FloodAsync(IBulk sibling, int messages) =>
        Task.WhenAll(Enumerable.Range(0, Floods).Select(_ => Task.Run(async () =>
        {
            for (int i = messages * (MessageSize / FloodSize / Floods); i > 0; i--)
            {
                Check((await sibling.GiveAsync(FloodSize)).Length, FloodSize);
            }
        })));

    private static void Check(int came, int expected)
    {
        if (came != expected)
        {
            throw new InvalidOperationException("Not all bytes arrived.");
        }
    }
}
