using System.Diagnostics;
using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>
/// Tells the listeners of this process of spans of other contexts, as if these had been made here: by the same source, with the same ids and times. The
/// sampler of this process decides again, and each span says which context it is from.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class SpanReplay : IDisposable
{
    private readonly NameBudget _names = new();
    private readonly Dictionary<string, ActivitySource> _sources = new(StringComparer.Ordinal);

    /// <summary>Tells of a span.</summary>
    /// <param name="context">The path of the context that it is from.</param>
    /// <param name="span">The span, which is complete.</param>
    public void Tell(string context, SpanRecord span)
    {
        ActivityContext parent = new(
            ActivityTraceId.CreateFromString(span.Id.Trace),
            ActivitySpanId.CreateFromString(span.Parent),
            span.Id.Flags & ActivityTraceFlags.Recorded,
            span.TraceState is { } state ? VisibleText.Line(state) : null,
            span.IsParentRemote);
        using Activity? activity = SourceOf(context, span).CreateActivity(
            VisibleText.Line(span.Name), span.Kind, parent, Pairs(span.Tags).Where(static p => p.Key != CallSpan.ContextTag), span.Links.Select(Link), ActivityIdFormat.W3C);
        if (activity is null)
        {
            return;
        }

        DateTime start = new(span.Start, DateTimeKind.Utc);
        _ = activity.SetTag(CallSpan.ContextTag, context).SetStartTime(start).Start();
        _ = span.Id.TryGiveTo(activity);
        foreach (SpanEvent happened in span.Events)
        {
            DateTimeOffset time = new(happened.Time, TimeSpan.Zero);
            _ = activity.AddEvent(new ActivityEvent(VisibleText.Line(happened.Name), time, new ActivityTagsCollection(Pairs(happened.Tags))));
        }

        if (span.Status != ActivityStatusCode.Unset)
        {
            _ = activity.SetStatus(span.Status, span.StatusText is { } text ? VisibleText.Indented(text) : null);
        }

        _ = activity.SetEndTime(start + TimeSpan.FromTicks(Math.Max(1, span.Duration)));
    }

    public void Dispose()
    {
        foreach (ActivitySource source in _sources.Values)
        {
            source.Dispose();
        }
    }

    private static ActivityLink Link(SpanLink link) => new(
        new ActivityContext(ActivityTraceId.CreateFromString(link.Id.Trace), ActivitySpanId.CreateFromString(link.Id.Span), link.Id.Flags, isRemote: true),
        new ActivityTagsCollection(Pairs(link.Tags)));

    private static IEnumerable<KeyValuePair<string, object?>> Pairs(NamedValue[] values) =>
        NamedValue.Shown(values).Select(static v => v.Pair);

    /// <summary>The source of that name, or the runtime's own where the contexts name too many.</summary>
    private ActivitySource SourceOf(string context, SpanRecord span)
    {
        string name = VisibleText.Line(span.Source);
        if (name == Instruments.Name || !_names.TryTake(context, name))
        {
            return Instruments.Source;
        }

        if (!_sources.TryGetValue(name, out ActivitySource? source))
        {
            _sources.Add(name, source = new ActivitySource(name, span.Version is { } version ? VisibleText.Line(version) : null));
        }

        return source;
    }
}
