using System.Globalization;
using System.Text.Json;

namespace Mitogen.HostileKit;

/// <summary>What became of a case.</summary>
internal sealed record Result(string Case, string Place)
{
    /// <summary>How the attack ended.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Frames that were dropped, and records of the runtime's own.</summary>
    public long Dropped { get; init; }

    public int Records { get; init; }

    public IReadOnlyList<string> FirstRecords { get; init; } = [];

    /// <summary>By how much the root's memory, threads and descriptors were more than before.</summary>
    public Growth Root { get; init; } = new(0, 0, 0, []);

    /// <summary>The same of the context in the middle; <see langword="null"/> where there is none.</summary>
    public Growth? Middle { get; init; }

    /// <summary>Times of the sibling's calls, in milliseconds.</summary>
    public double IdleP99 { get; init; }

    public double P99 { get; init; }

    /// <summary>The sibling's calls under attack.</summary>
    public int Calls { get; init; }

    public double Seconds { get; init; }

    /// <summary>What must not be.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The line of the table.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Case,-24}{Place,-7}{(Faults.Count == 0 ? "ok  " : "BAD ")}{Dropped,7}{Records,5}{Megabytes(Root.Resident),6}{Megabytes(Root.Heap),6}" +
        $"{Megabytes(Middle?.Resident ?? 0),6}{Root.Threads,5}{Root.Opened.Length,4}{IdleP99,8:0.00}{P99,9:0.00}{Calls,7}{Seconds,6:0.0}  {Outcome}");

    public static string Title =>
        $"{"attack",-24}{"place",-7}{"",-4}{"dropped",7}{"log",5}{"RSS",6}{"heap",6}{"RSS m",6}{"thr",5}{"fd",4}{"p99 ms",8}{"attacked",9}{"calls",7}{"s",6}  outcome";

    public static string Marker => "RESULT ";

    public override string ToString() => string.Join('\n', [Line, .. Faults.Select(f => "    " + f)]);

    public string Write() => Marker + JsonSerializer.Serialize(this);

    public static Result? Find(string output) => output.Split('\n').FirstOrDefault(l => l.StartsWith(Marker, StringComparison.Ordinal)) is { } line
        ? JsonSerializer.Deserialize<Result>(line[Marker.Length..])
        : null;

    private static long Megabytes(long bytes) => bytes >> 20;
}

/// <summary>By how much a process has more than before.</summary>
internal sealed record Growth(long Heap, long Resident, int Threads, string[] Opened);
