namespace Mitogen.Logging;

/// <summary>Records of one context.</summary>
/// <param name="Context">The path of the context that wrote them.</param>
/// <param name="Records">The log records, in order.</param>
/// <param name="Spans">The spans, in the order in which they ended.</param>
/// <param name="Dropped">How many were dropped before them because the queue was full.</param>
internal sealed record LogBatch(string Context, LogRecord[] Records, SpanRecord[] Spans, int Dropped)
{
    /// <summary>No batch has more records.</summary>
    public const int MaxRecords = 256;

    /// <summary>No batch has more bytes as it is sent.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>The bytes of these that its records may have; the context's path has the rest.</summary>
    public const int MaxRecordBytes = MaxSize - (64 * 1024);

    /// <summary>How many records the batch stands for: those that are in it and those that were dropped.</summary>
    public int Count => (int)Math.Min((long)Records.Length + Spans.Length + Dropped, int.MaxValue);

    /// <summary>Whether everything is there that the annotations promise, and possible; a child may send anything.</summary>
    public bool IsComplete =>
        Context is not null && Records is not null && Spans is not null && Records.Length + Spans.Length <= MaxRecords && Dropped >= 0
        && Array.TrueForAll(Records, static r => r is { IsComplete: true })
        && Array.TrueForAll(Spans, static s => s is { IsComplete: true });

    /// <summary>A batch of what was dropped.</summary>
    public static LogBatch Loss(string context, int dropped) => new(context, [], [], dropped);
}
