namespace Mitogen.Toolkit.Transfers;

/// <summary>
/// What a context does for transfers. The source walks through its tree and offers entries; the sink answers for each file with content whether it
/// wants it, and from where; the source sends contents between further offers. Neither waits for the other at an entry, so that a tree of many
/// small files takes two round trips. Offers and contents are one stream of bytes (<see cref="WireFrame"/>), answers are calls without answers.
/// </summary>
[Remote]
internal interface ITransferEnd
{
    /// <summary>Begins to offer what is there.</summary>
    ITransferSource Open(string path, SourceSettings settings);

    /// <summary>Takes what a source offers.</summary>
    /// <param name="path">The name of what is taken.</param>
    /// <param name="settings">How to.</param>
    /// <param name="head">The beginning of the source's bytes: a small tree is one message.</param>
    /// <param name="rest">The other bytes, if there are more.</param>
    /// <param name="answers">Takes the answers to the source, and how far it is.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<SinkReport> ReceiveAsync(
        string path, SinkSettings settings, byte[] head, Stream? rest, IProgress<SinkAnswers> answers, CancellationToken cancellationToken);
}

/// <summary>A source that offers a tree.</summary>
[Remote]
internal interface ITransferSource : IAsyncDisposable
{
    /// <summary>The beginning of its bytes, as far as they need no answer, and the rest.</summary>
    Task<SourceBytes> StartAsync(CancellationToken cancellationToken);

    /// <summary>The sink's answers, in the order of the offers.</summary>
    [OneWay]
    void Answer(SinkAnswer[] answers);

    /// <summary>Throws what the source failed with, if it did: it arrives here as it was, whichever way the sink's failure went.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}

internal sealed record SourceBytes(byte[] Head, Stream? Rest);

internal sealed record SourceSettings(bool Owners, bool Compress, TransferLinks Links, int MaxDepth, long MaxEntries);

internal sealed record SinkSettings(
    TransferComparison Comparison,
    bool Permissions,
    bool Owners,
    bool Times,
    bool Flush,
    bool Delete,
    bool DryRun,
    long MaxEntries,
    long MaxBytes,
    int MaxDepth,
    int MaxListed);

/// <summary>What the sink says to one or more files that were offered.</summary>
internal enum SinkAnswerKind
{
    /// <summary>It does not want the next <see cref="SinkAnswer.Count"/> files.</summary>
    Skip,

    /// <summary>It wants the next <see cref="SinkAnswer.Count"/> files from their beginning.</summary>
    Whole,

    /// <summary>It has the first <see cref="SinkAnswer.Offset"/> bytes of the next file, if they have that hash.</summary>
    From,

    /// <summary>As <see cref="From"/>, but only to hear whether that is so: nothing else is sent of the file.</summary>
    Check,
}

internal sealed record SinkAnswer(SinkAnswerKind Kind, int Count, long Offset, byte[]? Hash);

/// <summary>Answers, which may be none, and how far the sink is.</summary>
internal sealed record SinkAnswers(SinkAnswer[] Answers, SinkCounts Counts, string Current);

/// <summary>How far a sink is.</summary>
internal sealed record SinkCounts(long Files, long TotalFiles, long Bytes, long TotalBytes, bool IsTotalKnown);

internal sealed record SinkReport(
    SinkCounts Counts,
    long Written,
    long Unchanged,
    long Folders,
    long Links,
    long Deleted,
    long ReceivedBytes,
    long ResumedBytes,
    List<string> ChangedFiles,
    List<TransferChange> Changes);
