using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Mitogen.Logging;

namespace Mitogen.Runtime.Tests.Logging;

/// <summary>What contexts log can be printed: no terminal obeys it, and no line of it speaks for somebody else.</summary>
public sealed class PrintedLogTests
{
    private const string Evil = "a\u001b[2J\r\nroot/db] warning: \u202e\u009b";

    private const int Interval = 10_000;

    private static readonly LogRecord s_evil = new(Evil, LogLevel.Warning, 1, Evil, Evil, $"System.Exception: {Evil}\n   at X", [new LogScope(Evil, [])], null, [], null);

    [Fact]
    public async Task The_roots_loggers_get_nothing_that_controls_a_terminal()
    {
        RecordedLogs logs = new();

        await using RootLogOutput root = new(logs, Interval);
        await root.DeliverAsync(new LogBatch("root/hostile", [s_evil], [], 1));

        Assert.Equal(2, logs.All.Count);
        Assert.All(
            logs.All.SelectMany(r => r.Properties.Values.Append(r.Category).Append(r.Message).Append(r.Event.Name).Append(r.Exception).Concat(r.Scopes).Select(v => $"{v}")),
            text => Assert.DoesNotContain(text, c => c is not '\n' and < ' ' or '\u009b' or '\u202e'));
        Recorded record = logs.All[1];
        Assert.Equal("a\\x1b[2J\\r\n    root/db] warning: \\u202e\\x9b", record.Message);
        Assert.DoesNotContain('\n', record.Category + record.Event.Name + record.Scopes[0]);
    }

    [Fact]
    public async Task Each_line_on_standard_error_says_who_it_is_from()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using StderrLoggers loggers = new(LogLevel.Information, output);
        await using RootLogOutput root = new(loggers, Interval);

        await root.DeliverAsync(new LogBatch("root/hostile", [s_evil, s_evil with { Category = "stdout", Exception = null }], [], 0));
        loggers.CreateLogger("Own").Log(LogLevel.Warning, 0, Evil, new InvalidOperationException(Evil), (state, _) => state);

        string[] lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.All(lines[..^4], line => Assert.StartsWith("[root/hostile] ", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(line, c => c is < ' ' or '\u009b' or '\u202e'));
        Assert.StartsWith("warning: Own: a\\x1b[2J\\r", lines[^4], StringComparison.Ordinal);
        Assert.All(lines[^3..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hostile_child_adds_few_categories_and_its_siblings_keep_theirs()
    {
        LogCategories categories = new();
        for (int i = 0; i < 10_000; i++)
        {
            _ = categories.Find("root/hostile", $"category {i}");
        }

        Assert.Equal("category 7", categories.Find("root/hostile", "category 7"));
        Assert.Equal(LogCategories.Common, categories.Find("root/hostile/x", "another"));
        Assert.Equal(LogCategories.Common, categories.Find("root/a", new string('x', 1000)));
        Assert.Equal("another", categories.Find("root/quiet", "another"));
        int distinct = Enumerable.Range(0, 100_000).Select(i => categories.Find($"root/child {i / 200}", $"its {i}")).Distinct().Count();
        Assert.InRange(distinct, 1000, NameBudget.Most);
    }

    [Fact]
    public void A_hostile_context_leaves_categories_to_those_beside_it()
    {
        LogCategories categories = new();
        for (int i = 0; i < 1000; i++)
        {
            _ = categories.Find($"root/middle/hostile/{i}", $"category {i}");
        }

        Assert.Equal("its own", categories.Find("root/middle/quiet", "its own"));
        Assert.Equal("the middle's", categories.Find("root/middle", "the middle's"));
        Assert.Equal("the root's", categories.Find("root", "the root's"));
        Assert.Equal(LogCategories.Common, categories.Find("root/middle/hostile", "one more"));
    }

    [Fact]
    public async Task A_record_of_one_category_too_many_says_which()
    {
        RecordedLogs logs = new();
        await using RootLogOutput root = new(logs, Interval);
        for (int i = 0; i <= NameBudget.MostOfAChild; i++)
        {
            await root.DeliverAsync(new LogBatch("root/hostile", [s_evil with { Category = $"c{i}", Message = "hello", Exception = null }], [], 0));
        }

        Assert.Equal((LogCategories.Common, $"c{NameBudget.MostOfAChild}: hello"), (logs.All[^1].Category, logs.All[^1].Message));
    }

    [Fact]
    public async Task Lost_records_are_told_once_for_each_child_and_interval_and_none_is_left_out()
    {
        RecordedLogs logs = new();
        await using (RootLogOutput root = new(logs, Interval))
        {
            for (int i = 0; i < 1000; i++)
            {
                await root.DeliverAsync(new LogBatch($"root/hostile/{i % 100}", [], [], 1));
            }

            await root.DeliverAsync(new LogBatch("root/quiet", [], [], 7));
            Assert.Equal(
                ["1 log records of context 'root/hostile/0' were", "7 log records of context 'root/quiet' were"],
                logs.All.Select(r => r.Message[..(r.Message.IndexOf(" were", StringComparison.Ordinal) + 5)]));
        }

        Assert.Equal(3, logs.All.Count);
        Assert.StartsWith("999 log records of context 'root/hostile/1' and 15 or more others behind the same child were dropped", logs.All[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_records_are_told_when_the_interval_is_over()
    {
        RecordedLogs logs = new();
        await using RootLogOutput root = new(logs, 20);
        await root.DeliverAsync(new LogBatch("root/hostile", [], [], 1));
        await root.DeliverAsync(new LogBatch("root/hostile", [], [], 2));

        await Eventually.UntilAsync(() => logs.All.Count == 2);

        Assert.StartsWith("2 log records", logs.All[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_is_cut_and_made_sendable()
    {
        string half = $"{new string('x', 100_000)}\uD83D";
        KeyValuePair<string, object?>[] values = [.. Enumerable.Range(0, 100).Select(i => new KeyValuePair<string, object?>($"{i}{half}", half))];
        LogRecord sendable = LogRecord.Of(
            half, LogLevel.Warning, new EventId(1, half), values, "\uD83D and \uDE00", new InvalidOperationException(half), [.. Enumerable.Repeat(values, 100)]);

        Assert.Equal("\uFFFD and \uFFFD", sendable.Message);
        Assert.InRange(sendable.EncodedSize, 1, LogBatch.MaxSize);
        Assert.EndsWith(" characters)", sendable.Exception, StringComparison.Ordinal);
        Assert.Equal(32, sendable.Scopes.Length);
        Assert.Equal("whole 👩‍🚀", LogRecord.Of("c", LogLevel.Warning, 1, "", "whole 👩‍🚀", null, []).Message);
    }

    [Fact]
    public async Task A_slow_logger_holds_up_one_thread_however_much_there_is_to_say()
    {
        using ManualResetEventSlim free = new();
        ConcurrentQueue<string> written = new();
        int threads = 0, most = 0;
        SlowLogger logger = new(text =>
        {
            most = Math.Max(most, Interlocked.Increment(ref threads));
            free.Wait(TestContext.Current.CancellationToken);
            written.Enqueue(text);
            _ = Interlocked.Decrement(ref threads);
        });
        LaterLogs logs = new(logger);
        for (int i = 0; i < LaterLogs.Most + 500; i++)
        {
            logs.Add(l => l.Log(LogLevel.Warning, 0, $"{i}", null, (s, _) => s));
        }

        free.Set();
        await Eventually.UntilAsync(() => written.Count > LaterLogs.Most && Volatile.Read(ref threads) == 0);

        Assert.Equal(1, most);
        Assert.Contains(written, t => t.Contains("records of the runtime itself were dropped", StringComparison.Ordinal));
    }

    private sealed class SlowLogger(Action<string> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(formatter(state, exception));
    }
}
