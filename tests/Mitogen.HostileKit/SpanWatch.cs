using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mitogen.HostileKit;

/// <summary>Listens to all spans of this process, as an exporter does, and looks them through for what must not be there.</summary>
internal sealed class SpanWatch : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _sources = new();
    private readonly ConcurrentDictionary<string, int> _contexts = new();
    private readonly ActivityListener _listener;
    private string? _raw;

    public SpanWatch()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Look,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>A text with a control character in it, if one came.</summary>
    public string? Raw => Volatile.Read(ref _raw);

    /// <summary>How many sources there are.</summary>
    public int Sources => _sources.Count;

    /// <summary>The contexts that the attacker's spans are said to be from.</summary>
    public IEnumerable<string> Contexts => _contexts.Keys;

    public void Dispose() => _listener.Dispose();

    private void Look(Activity activity)
    {
        _ = _sources.TryAdd(activity.Source.Name, 1);
        if (activity.DisplayName.Contains("x1b", StringComparison.Ordinal))
        {
            _ = _contexts.TryAdd(string.Join(" and ", activity.TagObjects.Where(t => t.Key == "mitogen.context").Select(t => t.Value)), 1);
        }

        string text = string.Join(" | ", [
            activity.Source.Name, activity.Source.Version, activity.DisplayName, activity.TraceStateString, activity.StatusDescription,
            .. activity.TagObjects.Select(t => $"{t.Key}={t.Value}"),
            .. activity.Events.SelectMany(e => e.Tags.Select(t => $"{t.Key}={t.Value}").Append(e.Name)),
        ]);
        if (Records.HasControls(text))
        {
            _ = Interlocked.CompareExchange(ref _raw, text, null);
        }
    }
}
