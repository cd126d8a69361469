namespace Mitogen.Toolkit;

/// <summary>How far a transfer is.</summary>
/// <param name="Files">How many files are done, also those that were there already.</param>
/// <param name="TotalFiles">How many files have been found so far.</param>
/// <param name="Bytes">How many bytes of content are done, also those that were there already.</param>
/// <param name="TotalBytes">How many bytes the files have that have been found so far.</param>
/// <param name="IsTotalKnown">Whether the totals are final.</param>
/// <param name="BytesPerSecond">How many bytes came in each second since the first.</param>
/// <param name="Current">The file that is written now, from the top of the tree; empty if the top is a file.</param>
public sealed record TransferProgress(
    long Files, long TotalFiles, long Bytes, long TotalBytes, bool IsTotalKnown, double BytesPerSecond, string Current);

/// <summary>What a transfer did.</summary>
/// <param name="Files">How many files were written.</param>
/// <param name="Unchanged">How many files were there already.</param>
/// <param name="Folders">How many folders were made.</param>
/// <param name="Links">How many symbolic links were made.</param>
/// <param name="Deleted">How many entries were deleted, each tree as one.</param>
/// <param name="Bytes">How many bytes of content came.</param>
/// <param name="ResumedBytes">How many bytes of content were there from an earlier transfer that broke off.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="ChangedFiles">Files that changed while they were read: what is there now is a mixture. At most
/// <see cref="TransferOptions.MaxListed"/>.</param>
/// <param name="Changes">What was changed, or would be in a dry run. At most <see cref="TransferOptions.MaxListed"/>.</param>
public sealed record TransferResult(
    long Files,
    long Unchanged,
    long Folders,
    long Links,
    long Deleted,
    long Bytes,
    long ResumedBytes,
    TimeSpan Duration,
    IReadOnlyList<string> ChangedFiles,
    IReadOnlyList<TransferChange> Changes);

/// <summary>What a transfer did with an entry.</summary>
public enum TransferChangeKind
{
    /// <summary>It was made.</summary>
    Created,

    /// <summary>Its content was replaced.</summary>
    Updated,

    /// <summary>It was deleted.</summary>
    Deleted,
}

/// <summary>A change that a transfer made, or would make in a dry run.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="EntryKind">What the entry is.</param>
/// <param name="Path">The entry, from the top of the tree; empty for the top itself.</param>
public sealed record TransferChange(TransferChangeKind Kind, FileKind EntryKind, string Path);
