using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Mitogen.HostileKit;

/// <summary>What the root's loggers get: it is counted, and looked through for what must not be there. Little of it is kept.</summary>
internal sealed partial class Records(TimeSpan writeTime) : ILoggerFactory
{
    private const int Kept = 3;

    private readonly ConcurrentDictionary<string, int> _lines = new();
    private readonly ConcurrentQueue<string> _kept = new();
    private long _dropped;
    private int _own;
    private string? _raw;

    /// <summary>Frames that were dropped, by what the runtime's records say.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The runtime's own records, of all contexts.</summary>
    public int Own => Volatile.Read(ref _own);

    /// <summary>The first of them, for the fault that there are too many.</summary>
    public IEnumerable<string> Sample => _kept;

    /// <summary>A text with a control character in it, if one came.</summary>
    public string? Raw => Volatile.Read(ref _raw);

    /// <summary>How many records came from a context in a category.</summary>
    public int CountOf(string context, string category) => _lines.GetValueOrDefault($"{context} {category}");

    public IEnumerable<string> ContextsOf(string category) =>
        _lines.Keys.Where(k => k.EndsWith(' ' + category, StringComparison.Ordinal)).Select(k => k[..^(category.Length + 1)]);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Owns nothing.
    }

    public static bool HasControls(string? text) => text is not null && text.Any(c => char.IsControl(c) && c != '\n');

    [GeneratedRegex(@"\d+(?= frames?\b)")]
    private static partial Regex FrameCount();

    private void Add(string category, LogLevel level, string message, Exception? error, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        string context = properties.FirstOrDefault(p => p.Key == "MitogenContext").Value as string ?? "";
        string text = string.Join(" | ", [category, message, error?.ToString() ?? "", .. properties.Select(p => p.Value as string ?? "")]);
        if (HasControls(text))
        {
            _ = Interlocked.CompareExchange(ref _raw, text, null);
        }

        if (category.Length <= 60 && _lines.Count < 1000)
        {
            _ = _lines.AddOrUpdate($"{context} {category}", 1, (_, count) => count + 1);
        }

        if (category == "Mitogen" && level >= LogLevel.Warning)
        {
            _ = Interlocked.Increment(ref _own);
            Match frames = FrameCount().Match(message);
            if (message.Contains("rame", StringComparison.Ordinal))
            {
                _ = Interlocked.Add(ref _dropped, frames.Success ? long.Parse(frames.Value, CultureInfo.InvariantCulture) : 1);
            }

            if (_kept.Count < Kept)
            {
                _kept.Enqueue($"{context}: {message}");
            }
        }

        if (writeTime > TimeSpan.Zero)
        {
            Thread.Sleep(writeTime);
        }
    }

    private sealed class Logger(Records records, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            records.Add(category, logLevel, formatter(state, exception), exception, state as IEnumerable<KeyValuePair<string, object?>> ?? []);
    }
}
