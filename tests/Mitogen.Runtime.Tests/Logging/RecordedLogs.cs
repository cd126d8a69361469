using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mitogen.Runtime.Tests.Logging;

/// <summary>One record as a root's logger saw it.</summary>
internal sealed record Recorded(
    string Category,
    LogLevel Level,
    EventId Event,
    string Message,
    Exception? Exception,
    IReadOnlyDictionary<string, object?> Properties,
    IReadOnlyList<object?> Scopes,
    ActivitySpanId Span)
{
    public string? Context => Properties.GetValueOrDefault("MitogenContext") as string;
}

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordedLogs : ILoggerFactory
{
    private readonly ConcurrentQueue<Recorded> _records = new();
    private readonly LoggerExternalScopeProvider _scopes = new();

    public IReadOnlyList<Recorded> All => [.. _records];

    /// <summary>The messages of one category, from one context if it is named.</summary>
    public IReadOnlyList<string> Messages(string category, string? context = null) =>
        [.. _records.Where(r => r.Category == category && (context is null || r.Context == context)).Select(r => r.Message)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _records, _scopes);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Owns nothing.
    }

    private sealed class Logger(string category, ConcurrentQueue<Recorded> records, LoggerExternalScopeProvider scopes) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var properties = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            List<object?> open = [];
            scopes.ForEachScope(static (scope, list) => list.Add(scope), open);
            records.Enqueue(new Recorded(
                category, logLevel, eventId, formatter(state, exception), exception, properties.ToDictionary(), open, Activity.Current?.SpanId ?? default));
        }
    }
}
