using System.Globalization;

namespace Benchmarks.Soak;

/// <summary>What this process holds at one moment.</summary>
internal sealed record SoakSample(string Counts, double HeapMiB, double ResidentMiB, int Descriptors, int Threads)
{
    /// <summary>What is to stay flat, and what it may grow by beside a tenth.</summary>
    public static IReadOnlyList<(string Name, Func<SoakSample, double> Value, double Slack)> Measures { get; } =
    [
        ("heap MiB", s => s.HeapMiB, 4),
        ("resident MiB", s => s.ResidentMiB, 10),
        ("descriptors", s => s.Descriptors, 2),
        ("threads", s => s.Threads, 4),
    ];

    public static SoakSample Take(SoakCounts counts)
    {
        double heap = GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024);
        return new SoakSample(
            counts.ToString(),
            heap,
            Environment.WorkingSet / (1024.0 * 1024),
            Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(),
            Directory.EnumerateFileSystemEntries("/proc/self/task").Count());
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"heap {HeapMiB:0.0} MiB resident {ResidentMiB:0} MiB descriptors {Descriptors} threads {Threads}  {Counts}");
}
