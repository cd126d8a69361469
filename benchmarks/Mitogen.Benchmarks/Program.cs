using System.Globalization;
using Benchmarks.Contexts;
using Benchmarks.Floors;
using Benchmarks.Links;
using Benchmarks.Measuring;
using Benchmarks.Soak;
using Benchmarks.Suite;

namespace Benchmarks;

/// <summary>
/// Without a part, runs everything (see README.md). The parts are for the processes that it starts: <c>measure NAME SECONDS
/// pinned|free quick|full FILE</c> prints figures, <c>serve NAME</c> is the other side of a floor. In the place of a <c>dotnet</c> it is
/// a link that takes its time.
/// </summary>
internal static class BenchmarkProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (DelayingLink.IsWanted)
        {
            return DelayingLink.Run(args);
        }

        switch (args)
        {
            case ["serve", var part]:
                await ServeAsync(part);
                return 0;
            case ["measure", var part, var seconds, var where, var length, var helloFile]:
                TimeSpan time = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
                await MeasureAsync(part, time, where == "pinned", length == "quick", helloFile);
                return 0;
            default:
                if (SuiteOptions.Parse(args) is not { } options)
                {
                    Console.Error.WriteLine(SuiteOptions.Usage);
                    return 2;
                }

                return options.SoakTime is { } soak ? await SoakRun.RunAsync(soak) : SuiteRun.Run(options);
        }
    }

    private static async Task ServeAsync(string part)
    {
        switch (part)
        {
            case "blocking":
                BlockingFloor.Serve();
                break;
            case "handoff":
                HandOffFloor.Serve();
                break;
            case "flood":
                FloodFloor.Serve();
                break;
            case "echo":
                EchoFloor.Serve();
                break;
            case "async":
                await AsyncFloor.ServeAsync();
                break;
            default:
                throw new ArgumentException($"There is no floor {part}.");
        }
    }

    private static async Task MeasureAsync(string part, TimeSpan time, bool pinned, bool quick, string helloFile)
    {
        // Callers are on pool threads, as in a program.
        await Task.Yield();
        switch (part)
        {
            case "start":
                await StartTime.RunAsync(time, helloFile);
                break;
            case "memory":
                await IdleMemory.RunAsync();
                break;
            case "bulk":
                await BulkLatency.RunAsync(time, quick);
                break;
            case "pending":
                await PendingCost.RunAsync(time);
                break;
            case "contexts":
                await ContextCost.RunAsync(time);
                break;
            case "streams":
                await StreamCost.RunAsync(time, quick);
                break;
            case "objects":
                await ObjectCost.RunAsync(time);
                break;
            case "delay":
                await DelayCost.RunAsync(time);
                break;
            case "callbacks":
                await CallbackCost.RunAsync(time);
                break;
            case "shapes":
                await ShapeCost.RunAsync(time);
                break;
            default:
                await using (ISubject subject = await StartAsync(part))
                {
                    await Scenarios.RunAsync(subject, time, pinned);
                }

                break;
        }
    }

    private static async Task<ISubject> StartAsync(string part) => part switch
    {
        "socket" => new BlockingFloor(FloorChild.OverSocket("blocking")),
        "pipes" => new BlockingFloor(FloorChild.OverPipes("blocking")),
        "handoffs" => new HandOffFloor(FloorChild.OverSocket("handoff")),
        "async" => new AsyncFloor(ChildPrograms.StartSelf("serve", "async")),
        "mitogen" => await MitogenSubject.StartAsync(),
        _ => throw new ArgumentException($"There is nothing to measure named {part}."),
    };
}
