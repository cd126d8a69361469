using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>
/// Hands the records of all contexts of a tree to the root's loggers and listeners, tagged with the context that wrote them. Their texts can be
/// printed: control characters are shown as such, and only the first line of a text begins at the margin.
/// </summary>
/// <param name="loggers">Where they go.</param>
/// <param name="lossInterval">How often it is said that records of a child and those behind it were lost, at the most, in milliseconds.</param>
internal sealed class RootLogOutput(ILoggerFactory loggers, int lossInterval) : IAsyncDisposable
{
    private readonly LostRecords _lost = new(loggers.CreateLogger("Mitogen"), lossInterval);

    // Both of one thread: one batch is delivered at a time.
    private readonly LogCategories _categories = new();
    private readonly SpanReplay _spans = new();

    public ValueTask DeliverAsync(LogBatch batch)
    {
        string context = VisibleText.Line(batch.Context);
        if (batch.Dropped > 0)
        {
            _lost.Add(context, batch.Dropped);
        }

        foreach (LogRecord record in batch.Records)
        {
            Deliver(context, record.Shown());
        }

        foreach (SpanRecord span in batch.Spans)
        {
            _spans.Tell(context, span);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Says what was lost and is not told yet. Nothing is delivered any more.</summary>
    public ValueTask DisposeAsync()
    {
        _spans.Dispose();
        return _lost.DisposeAsync();
    }

    private void Deliver(string context, LogRecord record)
    {
        string category = _categories.Find(context, record.Category);
        ILogger logger = loggers.CreateLogger(category);
        if (!logger.IsEnabled(record.Level))
        {
            return;
        }

        // An empty category is a category too; the common one tells which it stands for.
        string head = category == record.Category ? "" : $"{record.Category}: ";
        RemoteLogMessage message = new(context, head + record.Message, head + (record.Template ?? record.Message), record.Values);
        LoggedException? error = record.Exception is { } text ? new LoggedException(text) : null;
        Activity? outer = Activity.Current;
        record.Span?.Enter();
        Stack<IDisposable?> scopes = new();
        try
        {
            foreach (LogScope scope in record.Scopes)
            {
                scopes.Push(scope.Values.Length == 0 ? logger.BeginScope(scope.Text) : logger.BeginScope(new RemoteLogScope(scope)));
            }

            logger.Log(record.Level, new EventId(record.EventId, record.EventName), message, error, static (state, _) => state.ToString());
        }
        finally
        {
            while (scopes.TryPop(out IDisposable? scope))
            {
                scope?.Dispose();
            }

            Activity.Current = outer;
        }
    }

    /// <summary>Shows an exception of another context as it was printed there.</summary>
    private sealed class LoggedException(string text) : Exception(text.Split('\n')[0])
    {
        public override string ToString() => text;
    }
}
