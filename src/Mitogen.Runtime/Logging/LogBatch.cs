using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>Records of one context.</summary>
/// <param name="Context">The path of the context that wrote them.</param>
/// <param name="Records">The records, in order.</param>
/// <param name="Dropped">How many were dropped before them because the queue was full.</param>
internal sealed record LogBatch(string Context, LogRecord[] Records, int Dropped)
{
    /// <summary>No batch has more records.</summary>
    public const int MaxRecords = 256;

    /// <summary>No batch has more bytes as it is sent.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>The bytes of these that its records may have; the context's path has the rest.</summary>
    public const int MaxRecordBytes = MaxSize - (64 * 1024);

    /// <summary>How many records the batch stands for: those that are in it and those that were dropped.</summary>
    public int Count => (int)Math.Min((long)Records.Length + Dropped, int.MaxValue);

    /// <summary>Whether everything is there that the annotations promise, and possible; a child may send anything.</summary>
    public bool IsComplete =>
        Context is not null && Records is { Length: <= MaxRecords } && Dropped >= 0
        && Array.TrueForAll(Records, r =>
            r is { Category: not null, Message: not null, Scopes: not null, Level: >= LogLevel.Trace and < LogLevel.None }
            && Array.TrueForAll(r.Scopes, s => s is not null));
}
