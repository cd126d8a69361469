using Microsoft.Extensions.Logging;
using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>One record on its way to the root.</summary>
/// <param name="Category">The logger's category.</param>
/// <param name="Level">Its level.</param>
/// <param name="EventId">Its event's number.</param>
/// <param name="EventName">Its event's name.</param>
/// <param name="Message">The formatted message.</param>
/// <param name="Exception">The exception, as text.</param>
/// <param name="Scopes">The scopes it was written in, outermost first.</param>
/// <param name="Template">The text that the message was formatted by, if it is known.</param>
/// <param name="Values">The values in it.</param>
/// <param name="Span">The span that it was written in.</param>
internal sealed record LogRecord(
    string Category,
    LogLevel Level,
    int EventId,
    string? EventName,
    string Message,
    string? Exception,
    LogScope[] Scopes,
    string? Template,
    NamedValue[] Values,
    SpanId? Span) : IRecord
{
    /// <summary>The name that logging has for the template among the values.</summary>
    public const string TemplateName = "{OriginalFormat}";

    // Characters. All together, at most three bytes each, are less than a batch may have.
    private const int MaxName = 512;
    private const int MaxText = 64 * 1024;
    private const int MaxTemplate = 8 * 1024;
    private const int MaxScopes = 32;
    private const int MaxValues = 64 * 1024;

    // The bytes of a record beside its texts: in memory with its place in a queue, and as it is sent.
    private const int Overhead = 256;
    private const int SpanOverhead = 192;
    private const int PartOverhead = 64;
    private const int BytesOfACharacter = 3;

    /// <summary>A record of a line of text alone.</summary>
    public static LogRecord Line(string category, string line) => new(category, LogLevel.Information, 0, null, line, null, [], null, [], null);

    public long Size => Overhead + (Span is null ? 0 : SpanOverhead) + (PartOverhead * Parts) + (sizeof(char) * Characters);

    public long EncodedSize => Overhead + (Span is null ? 0 : SpanOverhead) + (PartOverhead * Parts) + (BytesOfACharacter * Characters);

    public bool IsComplete =>
        Category is not null && Message is not null && Level is >= LogLevel.Trace and < LogLevel.None
        && Scopes is { Length: <= MaxScopes } && Array.TrueForAll(Scopes, static s => s is { IsComplete: true })
        && NamedValue.AreComplete(Values) && Span is null or { IsComplete: true };

    private long Parts => Scopes.Length + Scopes.Sum(static s => (long)s.Values.Length) + Values.Length;

    private long Characters =>
        Category.Length + (EventName?.Length ?? 0) + Message.Length + (Exception?.Length ?? 0) + (Template?.Length ?? 0)
        + Scopes.Sum(static s => s.Characters) + NamedValue.CharactersOf(Values);

    /// <summary>The record of what a program logs, as it can be sent: what is too long is cut, and says so.</summary>
    public static LogRecord Of<TState>(
        string category, LogLevel level, EventId eventId, TState state, string message, Exception? exception, IReadOnlyList<object?> scopes)
    {
        TextBudget values = new(MaxValues);
        IReadOnlyList<KeyValuePair<string, object?>> pairs = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        string? template = pairs.FirstOrDefault(static p => p.Key == TemplateName).Value as string;
        return new LogRecord(
            TextBudget.Sendable(category, MaxName),
            level,
            eventId.Id,
            eventId.Name is { } name ? TextBudget.Sendable(name, MaxName) : null,
            TextBudget.Sendable(message, MaxText),
            exception is null ? null : TextBudget.Sendable(NamedValue.TextOf(exception), MaxText),
            [.. scopes.TakeLast(MaxScopes).Select(s => LogScope.Of(s, values))],
            template is null ? null : TextBudget.Sendable(template, MaxTemplate),
            NamedValue.Take(pairs.Where(static p => p.Key != TemplateName), values),
            SpanId.Current);
    }

    /// <summary>The same with texts that can be shown.</summary>
    public LogRecord Shown() => this with
    {
        Category = VisibleText.Line(Category),
        EventName = EventName is null ? null : VisibleText.Line(EventName),
        Message = VisibleText.Indented(Message),
        Exception = Exception is null ? null : VisibleText.Indented(Exception),
        Scopes = Array.ConvertAll(Scopes, static s => s.Shown()),
        Template = Template is null ? null : VisibleText.Indented(Template),
        Values = NamedValue.Shown(Values),
    };
}
