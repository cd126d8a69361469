using System.Diagnostics;

namespace Benchmarks.Suite;

/// <summary>Where the other programs of the run are.</summary>
internal static class Places
{
    public const string Python = "/usr/bin/python3";

    private static readonly string s_benchmarks = FindBenchmarks();

    public static string PythonScript => Path.Combine(s_benchmarks, "python", "mitogen_bench.py");

    public static string Peers => Path.Combine(s_benchmarks, "Mitogen.Benchmarks.Peers", "bin", "Release", "net10.0", "Mitogen.Benchmarks.Peers");

    public static string Hello => Path.Combine(s_benchmarks, "Hello", "bin", "Release", "net10.0", "Hello.dll");

    public static bool HasPythonMitogen()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", "import mitogen"]) { RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string FindBenchmarks()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "python", "mitogen_bench.py")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The folder benchmarks/ is not above this program.");
    }
}
