namespace Mitogen.HostileKit;

/// <summary>The names of all cases. What each does stands in the hostile child's attacks, and what the root does meanwhile in <c>Cases</c>.</summary>
internal static class CaseNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "promise-chain", "promise-held", "promise-many", "parked", "skips", "gates", "blocking",
        "announced", "begun", "sources", "streams", "arguments", "result-of-nothing", "assemblies", "log-arguments",
        "sibling-opens", "sibling-skips", "sibling-refusals", "ancestor-opens", "ancestor-skips", "ancestor-refusals", "nowhere", "credit-of-strangers",
        "forged-sources", "forged-sources-slow-log", "forged-news", "forged-orders", "forged-chains", "forged-entries", "forged-streams",
        "redirect",
        "colliding-places", "colliding-promises", "colliding-streams", "colliding-results", "data", "early-credit", "credit-flood", "open-and-reset", "unanswered", "untaken",
        "keep-alives",
        "answer-kinds", "false-claims", "raw-errors", "releases", "imports", "items", "paths",
        "log-batches", "log-large", "log-categories", "log-of-others", "log-raw", "trace-spans", "trace-fields",
        "leases", "routes",
        "garbage", "long-frame", "cut-frame", "beyond-window", "after-end", "negative-credit", "unknown-kinds", "short-controls", "silent-link",
    ];

    /// <summary>Where the hostile context stands.</summary>
    public static IReadOnlyList<string> Places { get; } = [Direct, Below];

    /// <summary>Below the root, beside the sibling.</summary>
    public const string Direct = "direct";

    /// <summary>Below a context in the middle, which is the sibling's parent too.</summary>
    public const string Below = "below";
}
