using Microsoft.Extensions.Logging;
using Mitogen.Contexts;
using Mitogen.Logging;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Logging;

/// <summary>A child that sends log records without end, beside one that has something to say.</summary>
public sealed class FloodTests : CallTest
{
    private const int MaxLogBytes = 1024 * 1024;

    private readonly HeldLogs _logs = new();

    [Fact]
    public async Task A_flooding_child_loses_its_own_records_and_waits_and_its_sibling_loses_none()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = _logs, MaxLogBytes = MaxLogBytes });
        await using IRemoteContext flooding = await root.ConnectAsync(new LocalConnection { Name = "flooding" }, Cancellation);
        await using IRemoteContext quiet = await root.ConnectAsync(new LocalConnection { Name = "quiet" }, Cancellation);
        _logs.Hold();

        ILogSink flood = (await ChildNodes.OfAsync(flooding)).Root.GetOwn<ILogSink>();
        LogRecord large = new("category", LogLevel.Information, 0, null, new string('x', 50_000), null, [], null, [], null);
        List<Task> sent = [.. Enumerable.Range(0, 500).Select(_ => flood.WriteAsync(new LogBatch("root/flooding", [large], [], 0)))];
        ILogger line = (await ChildNodes.OfAsync(quiet)).Options.Loggers.CreateLogger("category");
        for (int i = 0; i < 100; i++)
        {
            line.Log(LogLevel.Information, 0, $"{i}", null, (text, _) => text);
        }

        ILogSink own = (await ChildNodes.OfAsync(quiet)).Root.GetOwn<ILogSink>();
        Task said = own.WriteAsync(new LogBatch("root/quiet", [large with { Message = "sent" }], [], 0));

        // Whoever has much waiting is not answered.
        await UntilAsync(() => sent.Count(t => t.IsCompleted) >= 500 - (MaxLogBytes / 100_000));
        Assert.False(sent[^1].IsCompleted);
        _logs.Release();
        await Task.WhenAll(sent.Append(said)).InTimeAsync();
        await root.DisposeAsync();

        Assert.Equal([.. Enumerable.Range(0, 100).Select(i => $"{i}"), "sent"], _logs.Records.Messages("category", "root/quiet"));
        Assert.InRange(_logs.Records.Messages("category", "root/flooding").Count, 1, 2 * MaxLogBytes / 100_000);
        Recorded[] losses = [.. _logs.Records.All.Where(r => r.Message.Contains("log records of context", StringComparison.Ordinal))];
        Assert.All(losses, l => Assert.Contains("'root/flooding'", l.Message, StringComparison.Ordinal));
        Assert.NotEmpty(losses);
    }

    /// <summary>Loggers that hang until they are released.</summary>
    private sealed class HeldLogs : ILoggerFactory
    {
        private readonly ManualResetEventSlim _free = new(true);

        public RecordedLogs Records { get; } = new();

        public void Hold() => _free.Reset();

        public void Release() => _free.Set();

        public ILogger CreateLogger(string categoryName)
        {
            _free.Wait();
            return Records.CreateLogger(categoryName);
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() => _free.Dispose();
    }
}
