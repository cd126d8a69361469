namespace Mitogen.Logging;

/// <summary>A record that waits, and the context that it names.</summary>
internal readonly record struct WaitingRecord(string Context, IRecord Record, LogReceipt? Receipt, long Size);

/// <summary>
/// The records that wait of one context (a leaf), or of a context and all below it. It exists as long as there is something to take from
/// it.
/// </summary>
internal sealed class LogBranch(uint id, LogBranch? above)
{
    private readonly Dictionary<uint, LogBranch> _below = [];
    private readonly Queue<WaitingRecord> _records = new();

    // Those below that have something to take, in turn; and by how much they have.
    private readonly Queue<LogBranch> _turns = new();
    private readonly SortedSet<LogBranch> _bySize = new(BySize.Instance);
    private int _dropped;
    private int _undelivered;
    private bool _hasTurn;

    public long Bytes { get; private set; }

    /// <summary>In whose name losses are told.</summary>
    public string Path { get; set; } = "";

    /// <summary>Whether there is something to take.</summary>
    public bool HasNews => _records.Count > 0 || _dropped > 0 || _turns.Count > 0;

    private uint Id => id;

    public LogBranch Below(uint key)
    {
        if (!_below.TryGetValue(key, out LogBranch? branch))
        {
            branch = new LogBranch(key, this);
            _below.Add(key, branch);
            _ = _bySize.Add(branch);
        }

        return branch;
    }

    /// <summary>The contexts from the topmost down to this leaf's.</summary>
    public IReadOnlyList<uint> Ids()
    {
        List<uint> ids = [];
        for (LogBranch branch = above!; branch.Above is { } next; branch = next)
        {
            ids.Add(branch.Id);
        }

        ids.Reverse();
        return ids;
    }

    public void Add(WaitingRecord record)
    {
        _records.Enqueue(record);
        Grow(record.Size);
        TakeTurn();
    }

    /// <summary>Notes that records were lost.</summary>
    public void Drop(int count)
    {
        if (count > 0 || _undelivered > 0)
        {
            _dropped = Sum(_dropped, Sum(count, _undelivered));
            _undelivered = 0;
            TakeTurn();
        }
    }

    /// <summary>Notes that records were lost when they were delivered. That is told with what comes next: to tell it at once would fail in the same way.</summary>
    public void Fail(int count) => _undelivered = Sum(_undelivered, count);

    public void DropOldest()
    {
        _ = Take();
        Drop(1);
    }

    /// <summary>The leaf that has the most, of the branch that has the most.</summary>
    public LogBranch Largest()
    {
        LogBranch branch = this;
        while (branch._bySize.Max is { } largest)
        {
            branch = largest;
        }

        return branch;
    }

    /// <summary>The leaf whose turn it is. It is to be taken from.</summary>
    public LogBranch NextLeaf()
    {
        LogBranch branch = this;
        while (branch._turns.TryDequeue(out LogBranch? next))
        {
            next._hasTurn = false;
            branch = next;
        }

        return branch;
    }

    /// <summary>Takes what was lost, or else records that name the same context, as many as one message may hold.</summary>
    public LogBatch TakeBatch()
    {
        LogBatch batch;
        if (_dropped > 0)
        {
            batch = LogBatch.Loss(Path, _dropped);
            _dropped = 0;
        }
        else
        {
            List<LogRecord> records = [];
            List<SpanRecord> spans = [];
            long size = 0;
            string context = _records.Peek().Context;
            while (records.Count + spans.Count < LogBatch.MaxRecords && _records.TryPeek(out WaitingRecord next) && next.Context == context
                && ((size += next.Record.EncodedSize) <= LogBatch.MaxRecordBytes || records.Count + spans.Count == 0))
            {
                if (Take().Record is SpanRecord span)
                {
                    spans.Add(span);
                }
                else
                {
                    records.Add((LogRecord)next.Record);
                }
            }

            batch = new LogBatch(context, [.. records], [.. spans], 0);
        }

        TakeTurn();
        return batch;
    }

    private LogBranch? Above => above;

    private static int Sum(int one, int other) => (int)Math.Min((long)one + other, int.MaxValue);

    private WaitingRecord Take()
    {
        WaitingRecord record = _records.Dequeue();
        Grow(-record.Size);
        record.Receipt?.Count();
        return record;
    }

    private void Grow(long by)
    {
        _ = above?._bySize.Remove(this);
        Bytes += by;
        _ = above?._bySize.Add(this);
        above?.Grow(by);
    }

    /// <summary>Gets in line where there is something to take, and goes where there is nothing.</summary>
    private void TakeTurn()
    {
        if (above is null)
        {
            return;
        }

        if (HasNews && !_hasTurn)
        {
            _hasTurn = true;
            above._turns.Enqueue(this);
        }
        else if (!HasNews && _undelivered == 0 && _below.Count == 0)
        {
            _ = above._below.Remove(id);
            _ = above._bySize.Remove(this);
        }

        above.TakeTurn();
    }

    private sealed class BySize : IComparer<LogBranch>
    {
        public static readonly BySize Instance = new();

        public int Compare(LogBranch? x, LogBranch? y) => x!.Bytes.CompareTo(y!.Bytes) is var bytes && bytes != 0 ? bytes : x.Id.CompareTo(y.Id);
    }
}
