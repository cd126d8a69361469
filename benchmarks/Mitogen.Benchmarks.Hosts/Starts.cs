using Microsoft.Extensions.Logging;

namespace Benchmarks.Hosts;

/// <summary>Keeps what the runtime logs of the last start: when what happened, and its bytes.</summary>
internal sealed class Starts : ILoggerFactory, ILogger
{
    private const int ContextStarted = 11;

    public static Starts Shared { get; } = new();

    public IReadOnlyDictionary<string, object?> Last { get; private set; } = new Dictionary<string, object?>();

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == ContextStarted && state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            Last = values.ToDictionary();
        }
        else if (logLevel >= LogLevel.Warning)
        {
            Console.Error.WriteLine(formatter(state, exception));
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
