namespace Mitogen.Toolkit;

/// <summary>How files and trees are transferred.</summary>
public record TransferOptions
{
    /// <summary>Which files are sent. Default: those whose size or time of modification differ.</summary>
    public TransferComparison Comparison { get; init; } = TransferComparison.SizeAndTime;

    /// <summary>Whether permissions are copied. Default: yes. Otherwise new entries have the usual ones over there.</summary>
    public bool Permissions { get; init; } = true;

    /// <summary>
    /// Whether the numbers of owner and group are copied, and the permissions that lend a file's owner's rights (set-user-ID). Default: no; it
    /// needs root.
    /// </summary>
    public bool Owners { get; init; }

    /// <summary>Whether times of modification are copied. Default: yes. Without them <see cref="TransferComparison.SizeAndTime"/> compares the
    /// contents.</summary>
    public bool Times { get; init; } = true;

    /// <summary>What is done with symbolic links. Default: they are copied as links.</summary>
    public TransferLinks Links { get; init; }

    /// <summary>Whether content is compressed where that makes it smaller. Default: no; it costs processor time on both sides.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether all is on the disk when the call completes, by one flush of each file system that the tree reaches into. Default: yes.</summary>
    public bool Flush { get; init; } = true;

    /// <summary>How many entries the tree may have. Default: 10,000,000. More are an error.</summary>
    public long MaxEntries { get; init; } = 10_000_000;

    /// <summary>How many bytes its files may have together. Default: 16 TiB. More are an error.</summary>
    public long MaxBytes { get; init; } = 16L << 40;

    /// <summary>How many folders deep the tree may be. Default and most: 500. Deeper ones are an error.</summary>
    public int MaxDepth { get; init; } = 500;

    /// <summary>How many paths the result names in each of its lists; more are only counted. Default: 1,000.</summary>
    public int MaxListed { get; init; } = 1000;
}

/// <summary>How trees are made equal.</summary>
public sealed record SyncOptions : TransferOptions
{
    /// <summary>
    /// Whether what the source does not have is deleted, and folders and files take each other's place. Default: no. Links are deleted
    /// themselves, never what they lead to.
    /// </summary>
    public bool Delete { get; init; }

    /// <summary>Whether nothing is changed, and the result only lists what would be. Default: no.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How a file is found to be there already.</summary>
public enum TransferComparison
{
    /// <summary>It has the same size and time of modification.</summary>
    SizeAndTime,

    /// <summary>It has the same size, and a hash of the content says the same. Both sides read the whole file.</summary>
    Content,

    /// <summary>Never: all files are sent.</summary>
    Nothing,
}

/// <summary>What a transfer does with symbolic links.</summary>
public enum TransferLinks
{
    /// <summary>They are copied as links, wherever they lead.</summary>
    Copy,

    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>One is an error.</summary>
    Refuse,
}
