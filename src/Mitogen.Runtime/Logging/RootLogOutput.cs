using System.Collections;
using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>
/// Hands the records of all contexts of a tree to the root's loggers, tagged with the context that wrote them. Their texts can be printed:
/// control characters are shown as such, and only the first line of a text begins at the margin.
/// </summary>
/// <param name="loggers">Where they go.</param>
/// <param name="lossInterval">How often it is said that records of a child and those behind it were lost, at the most, in milliseconds.</param>
internal sealed class RootLogOutput(ILoggerFactory loggers, int lossInterval) : IAsyncDisposable
{
    private readonly LostRecords _lost = new(loggers.CreateLogger("Mitogen"), lossInterval);
    private readonly LogCategories _categories = new(); // one batch is delivered at a time

    public ValueTask DeliverAsync(LogBatch batch)
    {
        string context = VisibleText.Line(batch.Context);
        if (batch.Dropped > 0)
        {
            _lost.Add(context, batch.Dropped);
        }

        foreach (LogRecord record in batch.Records)
        {
            Deliver(context, Shown(record));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Says what was lost and is not told yet. Nothing is delivered any more.</summary>
    public ValueTask DisposeAsync() => _lost.DisposeAsync();

    private static LogRecord Shown(LogRecord record) => record with
    {
        Category = VisibleText.Line(record.Category),
        EventName = record.EventName is null ? null : VisibleText.Line(record.EventName),
        Message = VisibleText.Indented(record.Message),
        Exception = record.Exception is null ? null : VisibleText.Indented(record.Exception),
        Scopes = Array.ConvertAll(record.Scopes, VisibleText.Line),
    };

    private void Deliver(string context, LogRecord record)
    {
        string category = _categories.Find(context, record.Category);
        ILogger logger = loggers.CreateLogger(category);
        if (!logger.IsEnabled(record.Level))
        {
            return;
        }

        // An empty category is a category too; the common one tells which it stands for.
        LogRecord told = category == record.Category ? record : record with { Message = $"{record.Category}: {record.Message}" };
        TaggedMessage message = new(context, told);
        LoggedException? error = record.Exception is { } text ? new LoggedException(text) : null;
        logger.Log(record.Level, new EventId(record.EventId, record.EventName), message, error, static (state, _) => state.ToString());
    }

    /// <summary>The state that the root's loggers see: the message, and the context as a property of it.</summary>
    internal sealed class TaggedMessage(string context, LogRecord record) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        /// <summary>The name of the property that carries the context's path.</summary>
        public const string ContextProperty = "MitogenContext";

        public string Context => context;

        public int Count => record.Scopes.Length > 0 ? 3 : 2;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new(ContextProperty, context),
            1 when Count == 3 => new("Scopes", string.Join(" => ", record.Scopes)),
            1 or 2 when index == Count - 1 => new("{OriginalFormat}", record.Message),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public override string ToString() => record.Message;

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Shows an exception of another context as it was printed there.</summary>
    private sealed class LoggedException(string text) : Exception(text.Split('\n')[0])
    {
        public override string ToString() => text;
    }
}
