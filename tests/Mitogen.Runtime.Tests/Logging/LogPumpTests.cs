using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mitogen.Logging;

namespace Mitogen.Runtime.Tests.Logging;

public sealed class LogPumpTests
{
    private static readonly LogSource s_source = new("root/a", [2]);

    [Fact]
    public async Task What_nobody_takes_stays_within_the_bound_and_its_writer_never_waits()
    {
        TaskCompletionSource taken = new();
        int delivered = 0, dropped = 0;
        LogPump pump = new(1_000_000, async batch =>
        {
            await taken.Task;
            delivered += batch.Records.Length;
            dropped += batch.Dropped;
        });
        for (int i = 0; i < 20_000; i++)
        {
            _ = pump.Write(s_source, StandardOutput.Line("root/a", StandardOutput.Error, new string('x', 1000)));
        }

        taken.SetResult();
        await pump.CompleteAsync();

        Assert.Equal(20_000, delivered + dropped);

        // Those that wait, and the batch that was being delivered.
        Assert.InRange(delivered, 1, (1_000_000 / 2000) + LogBatch.MaxRecords);
    }

    [Fact]
    public async Task A_delivery_that_fails_is_counted_and_not_tried_again()
    {
        int calls = 0, written = 0;
        ConcurrentQueue<LogBatch> delivered = new();
        LogPump pump = new(1_000_000, batch =>
        {
            if (++calls == 1)
            {
                throw new InvalidOperationException("A logger's fault.");
            }

            delivered.Enqueue(batch);
            return ValueTask.CompletedTask;
        });

        await Eventually.UntilAsync(() =>
        {
            _ = pump.Write(s_source, StandardOutput.Line("root/a", StandardOutput.Error, $"{++written}"));
            return Task.FromResult(delivered.Any(b => b.Dropped > 0));
        });
        await pump.CompleteAsync();

        Assert.Equal(written, delivered.Sum(b => b.Count));
        Assert.InRange(calls, 2, written + 2);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_not_taken()
    {
        LogPump pump = new(1_000_000, _ => ValueTask.CompletedTask);
        await pump.CompleteAsync();

        Assert.True(pump.Write(s_source, new LogBatch("root/a", [new LogRecord("c", LogLevel.Warning, 0, null, new string('x', 900_000), null, [])], 0)).IsCompleted);
    }

    [Fact]
    public async Task It_keeps_nothing_of_the_request_that_it_was_created_in()
    {
        AsyncLocal<string> scope = new() { Value = "a request" };
        TaskCompletionSource<string?> seen = new();
        LogPump pump = new(1_000_000, _ =>
        {
            seen.SetResult(scope.Value);
            return ValueTask.CompletedTask;
        });
        _ = pump.Write(s_source, StandardOutput.Line("root/a", StandardOutput.Error, "a line"));
        await pump.CompleteAsync();

        Assert.Null(await seen.Task);
        Assert.Equal("a request", scope.Value);
    }
}
