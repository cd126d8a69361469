using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>Logs to standard error, one line a record: what a program gets that brings no logger factory of its own.</summary>
internal sealed class StderrLoggers(LogLevel least) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, least);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Pass a logger factory of your own in the options.");

    public void Dispose()
    {
        // Owns nothing.
    }

    private sealed class Logger(string category, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string context = state is RootLogOutput.TaggedMessage tagged ? $"[{tagged.Context}] " : "";
            string text = category is StandardOutput.Output or StandardOutput.Error
                ? $"{context}{formatter(state, exception)}"
                : $"{context}{logLevel.ToString().ToLowerInvariant()}: {category}: {formatter(state, exception)}";
            Console.Error.WriteLine(exception is null ? text : $"{text}{Environment.NewLine}{exception}");
        }
    }
}
