namespace Mitogen.HostileKit;

/// <summary>The options of the kit's root, and what follows from them: the table of docs/threat-model.md, in numbers.</summary>
internal static class Bounds
{
    private const long Megabyte = 1024 * 1024;

    // What a collector keeps for itself, the code that is jitted meanwhile, and what the calls of the sibling need.
    private const long Slack = 96 * Megabyte;

    // Small things that are counted and not measured in bytes: a stream's end, a place in an order, a leased id's account.
    private const long StreamBytes = 2048;
    private const long PlaceBytes = 512;
    private const long IdBytes = 512;

    // Threads of the pool come and go.
    private const int PoolThreads = 40;

    private const int MostOpened = 4;

    /// <summary>Smaller than the defaults where an attack would else take long to reach them.</summary>
    public static MitogenOptions Options { get; } = new()
    {
        MaxLinkMemory = (int)(32 * Megabyte),
        MaxLogBytes = (int)(4 * Megabyte),
        MaxLinkCredit = (int)(4 * Megabyte),
        MaxBlockingCalls = 32,
    };

    /// <summary>The most frames that are dropped before the link is cut; what was on its way by then is not counted.</summary>
    public static long Dropped => 2L * Options.MaxDroppedFrames;

    /// <summary>The most records of the runtime's own: one for each link and interval, and some about the ends of contexts.</summary>
    public static int RecordsIn(double seconds) => 10 + (4 * (int)(seconds / Options.LogInterval.TotalSeconds));

    private static long Memory =>
        Options.MaxLinkMemory + Options.MaxLogBytes + (Options.MaxLinkStreams * StreamBytes) + (Options.MaxParkedCalls * PlaceBytes)
        + (Options.MaxContextsPerChild * IdBytes) + Slack;

    /// <summary>What waits in the middle to be passed on, up and down.</summary>
    private static long Passing =>
        2 * 4 * ((2 * (long)Options.MaxOpenStreams * (Options.InitialWindow + 512)) + (2L * Options.MaxLinkCredit) + (64 * 1024));

    public static IEnumerable<string> Check(Result result)
    {
        if (result.Dropped > Dropped)
        {
            yield return $"{result.Dropped} frames were dropped; the bound is {Dropped}";
        }

        if (result.Records > RecordsIn(result.Seconds))
        {
            yield return $"{result.Records} records were logged in {result.Seconds:0} s; the bound is {RecordsIn(result.Seconds)}: {string.Join(" ", result.FirstRecords)}";
        }

        foreach (string fault in Check("the root", result.Root, Memory).Concat(result.Middle is { } middle ? Check("the middle", middle, Memory + Passing) : []))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Check(string who, Growth growth, long memory)
    {
        if (growth.Heap > memory)
        {
            yield return $"{who} keeps {growth.Heap / Megabyte} MB more; the bound is {memory / Megabyte} MB";
        }

        if (growth.Resident > memory)
        {
            yield return $"{who} took {growth.Resident / Megabyte} MB more; the bound is {memory / Megabyte} MB";
        }

        if (growth.Threads > Options.MaxBlockingCalls + PoolThreads)
        {
            yield return $"{who} had {growth.Threads} threads more; the bound is {Options.MaxBlockingCalls + PoolThreads}";
        }

        // Those of the hostile context's link were open before, and are open or closed now.
        if (growth.Opened.Length > MostOpened)
        {
            yield return $"{who} has {growth.Opened.Length} descriptors more: {string.Join(", ", growth.Opened)}";
        }
    }
}
