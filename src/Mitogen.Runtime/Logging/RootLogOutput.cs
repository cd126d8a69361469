using System.Collections;
using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>Hands the records of all contexts of a tree to the root's loggers, tagged with the context that wrote them.</summary>
internal sealed class RootLogOutput(ILoggerFactory loggers)
{
    private readonly ILogger _own = loggers.CreateLogger("Mitogen");

    public ValueTask DeliverAsync(LogBatch batch)
    {
        if (batch.Dropped > 0)
        {
            Log.RecordsDropped(_own, batch.Dropped, batch.Context);
        }

        foreach (LogRecord record in batch.Records)
        {
            ILogger logger = loggers.CreateLogger(record.Category);
            if (!logger.IsEnabled(record.Level))
            {
                continue;
            }

            TaggedMessage message = new(batch.Context, record);
            LoggedException? error = record.Exception is { } text ? new LoggedException(text) : null;
            logger.Log(record.Level, new EventId(record.EventId, record.EventName), message, error, static (state, _) => state.ToString());
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What the root's loggers see: the message, and the context as a property of it.</summary>
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
