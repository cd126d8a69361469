using System.Diagnostics;

namespace Benchmarks.Hosts;

/// <summary>Measures single runs, in milliseconds. What ends one is not in its time, neither for us nor for the peers.</summary>
internal static class Timing
{
    public static async Task<double> OfAsync<T>(Func<Task<T>> run, Func<T, ValueTask>? end = null)
    {
        long start = Stopwatch.GetTimestamp();
        T result = await run();
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (end is not null)
        {
            await end(result);
        }

        return time;
    }

    /// <summary>A process from its start to its end; it is given one byte to read.</summary>
    public static Task<double> OfProcessAsync(string file, params string[] arguments) => OfAsync(async () =>
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write('x');
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {output}");
    });

    public static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
