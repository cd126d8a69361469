using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>
/// Logs to standard error: what a program gets that brings no logger factory of its own. Each line of a context's record begins with the context's path,
/// and each further line of the program's own records with spaces, so that no line can speak for somebody else.
/// </summary>
internal sealed class StderrLoggers(LogLevel least, TextWriter? output = null) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, least, output);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Pass a logger factory of your own in the options.");

    public void Dispose()
    {
        // Owns nothing.
    }

    private sealed class Logger(string category, LogLevel least, TextWriter? output) : ILogger
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

            string context = state is RemoteLogMessage remote ? $"[{remote.Context}] " : "";
            string head = category is StandardOutput.Output or StandardOutput.Error ? "" : $"{logLevel.ToString().ToLowerInvariant()}: {category}: ";
            string text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}";
            string shown = context + VisibleText.Indented(head + text);
            (output ?? Console.Error).WriteLine(shown.Replace("\n", Environment.NewLine + context, StringComparison.Ordinal));
        }
    }
}
