using System.Diagnostics;
using System.Globalization;
using Benchmarks.Measuring;

namespace Benchmarks.Suite;

/// <summary>
/// Runs every subject in processes of its own, round after round, so that a disturbance hits neighbours in the same round alike and
/// the median of the rounds leaves it out.
/// </summary>
internal static class SuiteRun
{
    // Everything, and where it is measured: with all its processes on one core, where the scheduler puts them, or both.
    private static readonly (string Subject, bool[] Pinned)[] s_subjects =
    [
        ("socket", [true, false]),
        ("pipes", [true, false]),
        ("handoffs", [true, false]),
        ("async", [true, false]),
        ("mitogen", [true, false]),
        ("jsonrpc", [true, false]),
        ("grpc", [true, false]),
        ("python", [true, false]),
        ("start", [false]),
        ("memory", [false]),
        ("bulk", [false]),
        ("pending", [true]),
        ("contexts", [true]),
        ("shapes", [true]),
        ("streams", [false]),
        ("objects", [true]),
        ("delay", [false]),
        ("callbacks", [false]),
    ];

    public static int Run(SuiteOptions options)
    {
        Results results = new();
        HashSet<string> skipped = [];
        bool failed = false;
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach ((string subject, bool pinned) in s_subjects.SelectMany(s => s.Pinned, (s, pinned) => (s.Subject, pinned)))
            {
                if (options.Includes(subject) && !skipped.Contains(subject))
                {
                    Console.Error.WriteLine($"round {round} of {options.Rounds}: {subject}{(pinned ? ", on one core" : "")}");
                    if (Command(options, subject, pinned) is not { } command)
                    {
                        _ = skipped.Add(subject);
                        continue;
                    }

                    failed |= !Measure(command, pinned, (figure, value) => results.Add(subject, figure, round, value));
                }
            }
        }

        Tables.Print(results);
        Budgets.Print(results);
        return failed ? 1 : 0;
    }

    private static ProcessStartInfo? Command(SuiteOptions options, string subject, bool pinned)
    {
        string seconds = options.Time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        string where = pinned ? "pinned" : "free";
        switch (subject)
        {
            case "python":
                if (!Places.HasPythonMitogen())
                {
                    Console.WriteLine("python is skipped: /usr/bin/python3 has no module mitogen (apt-get install python3-mitogen).");
                    return null;
                }

                return new ProcessStartInfo(Places.Python, [Places.PythonScript, seconds, where]);
            case "jsonrpc" or "grpc":
                if (!File.Exists(Places.Peers))
                {
                    Console.WriteLine($"{subject} is skipped: {Places.Peers} is not built; benchmarks/run builds it.");
                    return null;
                }

                return new ProcessStartInfo(Places.Peers, ["measure", subject, seconds, where]);
            default:
                if (subject == "start" && !File.Exists(Places.Hello))
                {
                    Console.WriteLine($"start is skipped: {Places.Hello} is not built; benchmarks/run builds it.");
                    return null;
                }

                return new ProcessStartInfo(
                    ChildPrograms.Self, ["measure", subject, seconds, where, options.Quick ? "quick" : "full", Places.Hello]);
        }
    }

    private static bool Measure(ProcessStartInfo command, bool pinned, Action<string, double> add)
    {
        command.RedirectStandardOutput = true;
        using Process process = pinned ? Affinity.OnOneCore(() => Process.Start(command)!) : Process.Start(command)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (Figures.TryParse(line, out string name, out double value))
            {
                add(name, value);
            }
            else
            {
                Console.Error.WriteLine(line);
            }
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Console.WriteLine($"FAILED, status {process.ExitCode}: {command.FileName} {string.Join(' ', command.ArgumentList)}");
        }

        return process.ExitCode == 0;
    }
}
