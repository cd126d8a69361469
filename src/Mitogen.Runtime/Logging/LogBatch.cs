using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>One record on its way to the root.</summary>
/// <param name="Category">The logger's category.</param>
/// <param name="Level">Its level.</param>
/// <param name="EventId">Its event's number.</param>
/// <param name="EventName">Its event's name.</param>
/// <param name="Message">The formatted message.</param>
/// <param name="Exception">The exception, as text.</param>
/// <param name="Scopes">The scopes it was written in, outermost first, as text.</param>
internal sealed record LogRecord(
    string Category, LogLevel Level, int EventId, string? EventName, string Message, string? Exception, string[] Scopes)
{
    internal IEnumerable<string?> Texts() => [Category, EventName, Message, Exception, .. Scopes];

    internal LogRecord Select(Func<string?, string?> change) => this with
    {
        Category = change(Category)!,
        EventName = change(EventName),
        Message = change(Message)!,
        Exception = change(Exception),
        Scopes = Array.ConvertAll(Scopes, scope => change(scope)!),
    };
}

/// <summary>Records of one context.</summary>
/// <param name="Context">The path of the context that wrote them.</param>
/// <param name="Records">The records, in order.</param>
/// <param name="Dropped">How many were dropped before them because the queue was full.</param>
internal sealed record LogBatch(string Context, LogRecord[] Records, int Dropped)
{
    /// <summary>How many records the batch stands for: those that are in it and those that were dropped.</summary>
    public int Count => (int)Math.Min((long)Records.Length + Dropped, int.MaxValue);

    /// <summary>The same with U+FFFD for each half of a surrogate pair: it has no form in UTF-8, and the record would be lost for it.</summary>
    public LogBatch WithWholeCharacters() =>
        Array.Exists(Records, static record => record.Texts().Any(WholeCharacters.AreMissing))
            ? this with { Records = Array.ConvertAll(Records, static record => record.Select(WholeCharacters.Of)) }
            : this;

    /// <summary>Whether everything is there that the annotations promise, and possible; a child may send anything.</summary>
    public bool IsComplete =>
        Context is not null && Records is not null && Dropped >= 0
        && Array.TrueForAll(Records, r =>
            r is { Category: not null, Message: not null, Scopes: not null, Level: >= LogLevel.Trace and < LogLevel.None }
            && Array.TrueForAll(r.Scopes, s => s is not null));
}
