using System.Diagnostics;
using Benchmarks.Floors;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>Streams of items and of bytes, both ways, beside raw bytes one way.</summary>
internal static class StreamCost
{
    private const int Items = 1_000_000;
    private const long Gibibyte = 1L << 30;

    public static async Task RunAsync(TimeSpan time, bool quick)
    {
        long bytes = quick ? Gibibyte / 16 : Gibibyte;
        Figures.Print("floor.socket.rate", await FloodFloor.MeasureAsync(FloorChild.OverSocket, bytes));
        Figures.Print("floor.pipes.rate", await FloodFloor.MeasureAsync(FloorChild.OverPipes, bytes));

        Figures.Print("floor.echo.rate", await EchoFloor.MeasureAsync(Scenarios.EchoSize, time));

        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(new LocalConnection());
        IStreams streams = context.Get<IStreams>();
        Streams own = new();
        for (int turn = 0; turn < 2; turn++)
        {
            // The first turn warms up.
            double result = await RateAsync(Items, async () => await own.SumAsync(streams.CountAsync(Items)));
            double argument = await RateAsync(Items, async () => await streams.SumAsync(own.CountAsync(Items, CancellationToken.None)));
            double read = await RateAsync(bytes, async () =>
            {
                await using Stream stream = await streams.OpenAsync(bytes);
                await own.DrainAsync(stream);
            });
            double sent = await RateAsync(bytes, async () => await streams.DrainAsync(new ZeroStream(bytes)));
            if (turn > 0)
            {
                Figures.Print("items.result.rate", result);
                Figures.Print("items.argument.rate", argument);
                Figures.Print("bytes.read.rate", read / 1e6);
                Figures.Print("bytes.sent.rate", sent / 1e6);
            }
        }
    }

    private static async Task<double> RateAsync(double count, Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        await run();
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
