using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>The loggers of a started context: every record goes to the root.</summary>
internal sealed class ForwardingLoggers(LogSource source, ILogOutput output) : ILoggerFactory
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, source, output, _scopes);

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("A context's log records go to the root: add the provider to the root's logger factory.");

    public void Dispose()
    {
        // Owns nothing: the output ends with the context.
    }

    private sealed class Logger(string category, LogSource source, ILogOutput output, LoggerExternalScopeProvider scopes) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Trace and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            ArgumentNullException.ThrowIfNull(formatter);
            if (!IsEnabled(logLevel))
            {
                return;
            }

            List<object?> open = [];
            scopes.ForEachScope(static (scope, list) => list.Add(scope), open);
            LogRecord record = LogRecord.Of(category, logLevel, eventId, state, formatter(state, exception), exception, open);
            _ = output.Write(source, new LogBatch(source.Path, [record], [], 0));
        }
    }
}
