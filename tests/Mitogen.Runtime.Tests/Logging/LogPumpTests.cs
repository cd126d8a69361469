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
            _ = pump.Write(s_source, StandardOutput.Line("root/a", StandardOutput.Error, new string('x', 1000)));

        taken.SetResult();
        await pump.CompleteAsync();

        Assert.Equal(20_000, delivered + dropped);

        // Those that wait, and the batch that was being delivered.
        Assert.InRange(delivered, 1, (1_000_000 / 2000) + LogBatch.MaxRecords);
    }

    [Fact]
    public async Task A_delivery_that_fails_is_counted_and_not_tried_again()
    {
        int calls = 0;
        List<LogBatch> delivered = [];
        LogPump pump = new(1_000_000, batch =>
        {
            if (++calls <= 2)
                throw new InvalidOperationException("A logger's fault.");
            delivered.Add(batch);
            return ValueTask.CompletedTask;
        });
        for (int i = 1; i <= 3; i++)
        {
            _ = pump.Write(s_source, StandardOutput.Line("root/a", StandardOutput.Error, $"{i}"));
            while (Volatile.Read(ref calls) < i)
                await Task.Yield();
        }

        await pump.CompleteAsync();

        Assert.InRange(calls, 3, 5);
        Assert.Equal(3, delivered.Sum(b => b.Count) + (calls > 4 ? 1 : 0));
    }

    [Fact]
    public async Task What_comes_after_the_end_is_not_taken()
    {
        LogPump pump = new(1_000_000, _ => ValueTask.CompletedTask);
        await pump.CompleteAsync();

        Assert.True(pump.Write(s_source, new LogBatch("root/a", [new LogRecord("c", LogLevel.Warning, 0, null, new string('x', 900_000), null, [])], 0)).IsCompleted);
    }
}
