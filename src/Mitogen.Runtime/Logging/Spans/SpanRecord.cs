using System.Diagnostics;
using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>A span that has ended, on its way to the root.</summary>
/// <param name="Source">The name of its source.</param>
/// <param name="Version">The source's version.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="Parent">The id of the span above it, in the same trace, in 16 hexadecimal digits.</param>
/// <param name="IsParentRemote">Whether that one is of another context.</param>
/// <param name="TraceState">The state that goes with the trace.</param>
/// <param name="Start">When it began: ticks, in UTC.</param>
/// <param name="Duration">How long it took, in ticks.</param>
/// <param name="Status">How it ended.</param>
/// <param name="StatusText">What there is to say of that.</param>
/// <param name="Tags">Its attributes.</param>
/// <param name="Events">What happened in it.</param>
/// <param name="Links">The spans that it names.</param>
internal sealed record SpanRecord(
    string Source,
    string? Version,
    string Name,
    ActivityKind Kind,
    SpanId Id,
    string Parent,
    bool IsParentRemote,
    string? TraceState,
    long Start,
    long Duration,
    ActivityStatusCode Status,
    string? StatusText,
    NamedValue[] Tags,
    SpanEvent[] Events,
    SpanLink[] Links) : IRecord
{
    /// <summary>The most events, and the most links, of a span.</summary>
    public const int Most = 64;

    // Characters. All together, at most three bytes each, are less than a batch may have.
    private const int MaxTexts = 192 * 1024;
    private const int MaxName = 512;
    private const int MaxText = 4096;

    private const int Overhead = 512;
    private const int PartOverhead = 128;
    private const int BytesOfACharacter = 3;

    public long Size => Overhead + (PartOverhead * Parts) + (sizeof(char) * Characters);

    public long EncodedSize => Overhead + (PartOverhead * Parts) + (BytesOfACharacter * Characters);

    public bool IsComplete =>
        Source is not null && Name is not null && Kind is >= ActivityKind.Internal and <= ActivityKind.Consumer
        && Id is { IsComplete: true } && Parent is not null && (Id with { Span = Parent }).IsComplete
        && Start >= 0 && Duration >= 0 && Start <= DateTime.MaxValue.Ticks - Duration
        && Status is >= ActivityStatusCode.Unset and <= ActivityStatusCode.Error
        && NamedValue.AreComplete(Tags)
        && Events is { Length: <= Most } && Array.TrueForAll(Events, static e => e is { IsComplete: true })
        && Links is { Length: <= Most } && Array.TrueForAll(Links, static l => l is { IsComplete: true });

    private long Parts => Tags.Length + Events.Sum(static e => 1L + e.Tags.Length) + Links.Sum(static l => 1L + l.Tags.Length);

    private long Characters =>
        Source.Length + (Version?.Length ?? 0) + Name.Length + (TraceState?.Length ?? 0) + (StatusText?.Length ?? 0)
        + NamedValue.CharactersOf(Tags) + Events.Sum(static e => e.Name.Length + NamedValue.CharactersOf(e.Tags))
        + Links.Sum(static l => NamedValue.CharactersOf(l.Tags));

    /// <summary>What is sent of a span: what is too long is cut.</summary>
    public static SpanRecord Of(Activity activity)
    {
        TextBudget texts = new(MaxTexts);
        return new SpanRecord(
            texts.Take(activity.Source.Name, MaxName),
            activity.Source.Version is { } version ? texts.Take(version, MaxName) : null,
            texts.Take(activity.DisplayName, MaxName),
            activity.Kind,
            SpanId.Of(activity.Context),
            activity.ParentSpanId.ToHexString(),
            activity.HasRemoteParent,
            activity.TraceStateString is { } state ? texts.Take(state, MaxName) : null,
            activity.StartTimeUtc.Ticks,
            activity.Duration.Ticks,
            activity.Status,
            activity.StatusDescription is { } text ? texts.Take(text, MaxText) : null,
            NamedValue.Take(activity.TagObjects, texts),
            [.. activity.Events.Take(Most).Select(e => new SpanEvent(texts.Take(e.Name, MaxName), e.Timestamp.UtcTicks, NamedValue.Take(e.Tags, texts)))],
            [
                .. activity.Links.Where(static l => l.Context != default).Take(Most)
                    .Select(l => new SpanLink(SpanId.Of(l.Context), NamedValue.Take(l.Tags ?? [], texts))),
            ]);
    }
}

/// <summary>Something that happened in a span.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Time">When: ticks, in UTC.</param>
/// <param name="Tags">Its attributes.</param>
internal sealed record SpanEvent(string Name, long Time, NamedValue[] Tags)
{
    public bool IsComplete =>
        Name is not null && Time >= 0 && Time <= DateTime.MaxValue.Ticks && NamedValue.AreComplete(Tags);
}

/// <summary>Another span that a span names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tags">The attributes of the link.</param>
internal sealed record SpanLink(SpanId Id, NamedValue[] Tags)
{
    public bool IsComplete =>
        Id is { IsComplete: true } && NamedValue.AreComplete(Tags);
}
