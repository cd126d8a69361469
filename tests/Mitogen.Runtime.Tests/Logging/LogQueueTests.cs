using Microsoft.Extensions.Logging;
using Mitogen.Logging;

namespace Mitogen.Runtime.Tests.Logging;

/// <summary>What waits is bounded over all, and who floods loses its own.</summary>
public sealed class LogQueueTests
{
    private const int MaxBytes = 100_000;

    private readonly LogQueue _queue = new(MaxBytes);

    [Fact]
    public void Of_100_lines_of_a_sibling_of_a_flooding_context_all_arrive_and_the_loss_is_told_in_its_name()
    {
        LogSource quiet = new("root/quiet", [2]);
        LogSource flooding = new("root/flood", [3]);
        for (int i = 0; i < 100; i++)
        {
            _ = _queue.Add(quiet, Line(quiet, $"{i}"));
            for (int j = 0; j < 20; j++)
            {
                _ = _queue.Add(flooding, Line(flooding, new string('x', 1000)));
            }

            Assert.InRange(_queue.Bytes, 1, MaxBytes);
        }

        List<LogBatch> taken = TakeAll();

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), Messages(taken, quiet));
        Assert.Equal(0, Dropped(taken, quiet));
        Assert.Equal(2000, Messages(taken, flooding).Count + Dropped(taken, flooding));
        Assert.InRange(Dropped(taken, flooding), 1, 1999);
    }

    [Fact]
    public void A_branch_that_floods_takes_nothing_of_another_branch_of_the_same_child_however_many_contexts_it_makes_up()
    {
        LogSource quiet = new("root/mid/quiet", [2, 3]);
        _ = _queue.Add(quiet, new LogBatch(quiet.Path, [.. Enumerable.Range(0, 100).Select(i => Record($"{i}"))], [], 0));
        for (uint i = 0; i < 2000; i++)
        {
            _ = _queue.Add(new LogSource($"root/mid/flood/{i}", [2, 4, 100 + i]), Line(new LogSource($"root/mid/flood/{i}", []), new string('x', 100)));
        }

        List<LogBatch> taken = TakeAll();

        Assert.Equal(100, Messages(taken, quiet).Count);
        Assert.Equal(0, Dropped(taken, quiet));
    }

    [Fact]
    public void A_tree_as_deep_as_you_like_has_the_share_of_one_branch()
    {
        List<uint> branch = [];
        for (uint i = 2; i < 1000; i++)
        {
            branch.Add(i);
            _ = _queue.Add(new LogSource("root/deep", [.. branch]), Line(new LogSource("root/deep", []), "x"));
        }

        Assert.Equal(998, TakeAll().Sum(b => b.Count));
        Assert.Equal(0, _queue.Bytes);
    }

    [Fact]
    public void Contexts_take_turns()
    {
        LogSource first = new("root/first", [2]);
        LogSource second = new("root/second", [3]);
        for (int i = 0; i < 3 * LogBatch.MaxRecords; i++)
        {
            _ = _queue.Add(first, Line(first, "x"));
        }

        _ = _queue.Add(second, Line(second, "y"));

        List<LogBatch> taken = TakeAll();

        Assert.InRange(taken.FindIndex(b => b.Context == second.Path), 0, 1);
    }

    [Fact]
    public void A_batch_names_one_context_and_fits_into_a_message()
    {
        LogQueue queue = new(100 * LogBatch.MaxSize);
        LogSource source = new("root/a", [2]);
        for (int i = 0; i < 100; i++)
        {
            _ = queue.Add(source, Line(source, new string('€', 60_000)));
            _ = queue.Add(source, new LogBatch("root/a/b", [Record("short")], [], 0));
            _ = queue.Add(source, new LogBatch("root/a/b", [Record("short")], [], 0));
        }

        int count = 0;
        while (queue.TryTake(out _, out LogBatch batch))
        {
            Assert.InRange(batch.Records.Sum(r => r.EncodedSize), 1, LogBatch.MaxRecordBytes);
            count += batch.Records.Length;
        }

        Assert.Equal(300, count);
    }

    [Fact]
    public void Whoever_has_much_waiting_is_told_to_wait_until_that_is_taken()
    {
        LogQueue queue = new(100 * LogBatch.MaxSize);
        LogSource source = new("root/a", [2]);
        Assert.Null(queue.Add(source, Line(source, "x")));

        LogReceipt receipt = queue.Add(source, Line(source, new string('x', 300_000)))!;

        Assert.False(receipt.Done.IsCompleted);
        Assert.Null(queue.Add(new LogSource("root/b", [3]), Line(source, "x")));
        while (queue.TryTake(out _, out _))
        {
            // On.
        }

        Assert.True(receipt.Done.IsCompleted);
    }

    [Fact]
    public void Whoever_waits_for_records_that_are_dropped_goes_on()
    {
        LogSource source = new("root/a", [2]);

        List<LogReceipt> receipts = [.. Enumerable.Range(0, 20).Select(_ => _queue.Add(source, Line(source, new string('x', 10_000)))).OfType<LogReceipt>()];

        Assert.True(receipts[0].Done.IsCompleted);
        Assert.False(receipts[^1].Done.IsCompleted);
    }

    [Fact]
    public void A_loss_when_they_were_delivered_is_told_with_what_comes_next()
    {
        LogSource source = new("root/a", [2]);
        _queue.AddLoss(source, 5);
        Assert.False(_queue.TryTake(out _, out _));

        _ = _queue.Add(source, Line(source, "x"));

        Assert.Equal(5, Dropped(TakeAll(), source));
    }

    private static LogRecord Record(string message) => new("category", LogLevel.Information, 0, null, message, null, [], null, [], null);

    private static LogBatch Line(LogSource source, string message) => new(source.Path, [Record(message)], [], 0);

    private static List<string> Messages(List<LogBatch> batches, LogSource source) =>
        [.. batches.Where(b => b.Context == source.Path).SelectMany(b => b.Records).Select(r => r.Message)];

    private static int Dropped(List<LogBatch> batches, LogSource source) => batches.Where(b => b.Context == source.Path).Sum(b => b.Dropped);

    private List<LogBatch> TakeAll()
    {
        List<LogBatch> all = [];
        while (_queue.TryTake(out LogSource source, out LogBatch batch))
        {
            Assert.StartsWith(source.Path, batch.Context, StringComparison.Ordinal);
            all.Add(batch);
        }

        Assert.True(_queue.IsEmpty);
        Assert.Equal(0, _queue.Bytes);
        return all;
    }
}
