using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mitogen.Runtime.Tests.Calls;

internal sealed record RecordedLog(string Category, LogLevel Level, string Message, Exception? Exception, string Thread, string? Context);

/// <summary>Keeps what is logged, and on which thread.</summary>
internal sealed class RecordingLoggers : ILoggerFactory
{
    public ConcurrentQueue<RecordedLog> Records { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordingLoggers owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string? context = (state as IEnumerable<KeyValuePair<string, object?>>)?.FirstOrDefault(p => p.Key == "MitogenContext").Value as string;
            owner.Records.Enqueue(new RecordedLog(
                category, logLevel, formatter(state, exception), exception, Thread.CurrentThread.Name ?? "", context));
        }
    }
}
