namespace Mitogen.Logging;

/// <summary>
/// Log records and spans that wait, bounded in bytes over all. It is fair: records are taken from one context after the other, and when there is no room the
/// oldest of whoever has the most is dropped: of the child behind whose link the most waits, then of the branch below it that has the most,
/// and so on. So who floods loses its own records, and what was lost is told in its name.
/// </summary>
/// <remarks>Pure, and not safe for use by several threads at once.</remarks>
/// <param name="maxBytes">How much may wait.</param>
internal sealed class LogQueue(long maxBytes)
{
    // Records from below that many contexts share the share of the last of them: whoever makes up a tree gains nothing by its depth.
    private const int MaxDepth = 8;

    // The bytes that one context may have waiting before it is told to wait, if there is room.
    private const long Ready = 256 * 1024;

    // In a branch, the key of what the context itself has: no context has it as its id.
    private const uint Own = 0;

    private readonly LogBranch _all = new(Own, null);

    /// <summary>How much waits.</summary>
    public long Bytes => _all.Bytes;

    /// <summary>Whether there is nothing to take.</summary>
    public bool IsEmpty => !_all.HasNews;

    /// <summary>Takes records over.</summary>
    /// <param name="source">Who answers for them.</param>
    /// <param name="batch">The records.</param>
    /// <returns>The task that the source is to wait for before it sends more; <see langword="null"/> if it need not.</returns>
    public LogReceipt? Add(in LogSource source, LogBatch batch)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        LogBranch leaf = LeafOf(source);
        leaf.Drop(batch.Dropped);
        LogReceipt? receipt = batch.Records.Length + batch.Spans.Length is var count and > 0 ? new LogReceipt(count) : null;
        foreach (IRecord record in batch.Records.Concat<IRecord>(batch.Spans))
        {
            leaf.Add(new WaitingRecord(batch.Context, record, receipt, record.Size + (2 * batch.Context.Length)));
        }

        bool isReady = leaf.Bytes <= Ready && Bytes <= maxBytes / 2;
        while (Bytes > maxBytes)
        {
            _all.Largest().DropOldest();
        }

        return isReady ? null : receipt;
    }

    /// <summary>Notes that records were lost after they had been taken.</summary>
    public void AddLoss(in LogSource source, int count) => LeafOf(source).Fail(count);

    /// <summary>Takes some records of one context: what comes next in turn.</summary>
    /// <param name="source">Who answers for them.</param>
    /// <param name="batch">The records, or only how many of the source's were dropped.</param>
    public bool TryTake(out LogSource source, out LogBatch batch)
    {
        source = default;
        batch = null!;
        if (IsEmpty)
        {
            return false;
        }

        LogBranch leaf = _all.NextLeaf();
        source = new LogSource(leaf.Path, leaf.Ids());
        batch = leaf.TakeBatch();
        return true;
    }

    private LogBranch LeafOf(in LogSource source)
    {
        LogBranch leaf = _all;
        foreach (uint id in source.Branch.Take(MaxDepth))
        {
            leaf = leaf.Below(id);
        }

        leaf = leaf.Below(Own);
        leaf.Path = source.Path;
        return leaf;
    }
}
