using System.Diagnostics;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>The time from <c>ConnectAsync</c> to the first answer, beside a program that says hello and ends.</summary>
internal static class StartTime
{
    public static async Task RunAsync(TimeSpan time, string helloFile)
    {
        List<double> hello = [];
        List<double> local = [];
        List<double> isolated = [];
        int count = Math.Max(3, (int)(time.TotalSeconds * 5));
        for (int i = 0; i < count; i++)
        {
            hello.Add(Hello(helloFile));
            local.Add(await ConnectAsync(new LocalConnection()));
            isolated.Add(await ConnectAsync(new LocalConnection { Isolated = true }));
        }

        // The first of each has read files that the others find in memory, and code that was not compiled yet.
        Figures.Print("hello.ms", Median(hello));
        Figures.Print("connect.ms", Median(local));
        Figures.Print("connect.first.ms", local[0]);
        Figures.Print("connect.isolated.ms", Median(isolated));
    }

    private static double Hello(string file)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [file]) { RedirectStandardOutput = true })!;
        if (process.StandardOutput.ReadToEnd() != "hello\n")
        {
            throw new InvalidOperationException($"{file} did not say hello.");
        }

        process.WaitForExit();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> ConnectAsync(LocalConnection connection)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        long start = Stopwatch.GetTimestamp();
        IRemoteContext context = await root.ConnectAsync(connection);
        _ = await context.Get<IBench>().AddAsync(1, 2);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
