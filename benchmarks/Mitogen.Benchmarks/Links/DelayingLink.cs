using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Links;

/// <summary>
/// A far link: a process that stands between a context and its parent and passes on every byte a time later. It is started in the
/// place of <c>dotnet</c> and starts that itself.
/// </summary>
internal static class DelayingLink
{
    // What tells this program, started with the arguments of a dotnet, that it is to be the link: how long it takes, in milliseconds each way.
    private const string Variable = "MITOGEN_BENCHMARK_LINK_DELAY";

    /// <summary>Whether this process is such a link.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>Makes links to contexts that are started meanwhile with <see cref="Measuring.ChildPrograms.Self"/> as their dotnet.</summary>
    public static void SetDelay(TimeSpan? delay) =>
        Environment.SetEnvironmentVariable(Variable, delay?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs the other side with what this process was started with, and passes its bytes on until both have ended.</summary>
    public static int Run(string[] args)
    {
        var delay = TimeSpan.FromMilliseconds(double.Parse(Environment.GetEnvironmentVariable(Variable)!, CultureInfo.InvariantCulture));
        ProcessStartInfo start = new(DotNet(), args) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _ = start.Environment.Remove(Variable);
        using Process process = Process.Start(start)!;
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        DelayedBytes down = new(input, process.StandardInput.BaseStream, delay);
        DelayedBytes up = new(process.StandardOutput.BaseStream, output, delay);
        down.Start();
        up.Start();
        up.Join();
        process.WaitForExit();
        return process.ExitCode;
    }

    // <installation>/shared/Microsoft.NETCore.App/<version>
    private static string DotNet() =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));
}
