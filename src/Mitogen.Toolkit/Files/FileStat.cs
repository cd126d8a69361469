namespace Mitogen.Toolkit;

/// <summary>The state of an entry of a file system.</summary>
/// <param name="Path">Its path as it was asked for, or the folder's path and its name. The form is that of <see cref="PathBytes"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">The length of its content in bytes.</param>
/// <param name="AllocatedSize">The bytes that it takes on the disk; fewer than <paramref name="Size"/> for a file with holes.</param>
/// <param name="Mode">Its permissions.</param>
/// <param name="UserId">The number of its owner.</param>
/// <param name="GroupId">The number of its group.</param>
/// <param name="User">The name of its owner; <see langword="null"/> if <c>/etc/passwd</c> over there has none.</param>
/// <param name="Group">The name of its group; <see langword="null"/> if <c>/etc/group</c> over there has none.</param>
/// <param name="Modified">When its content changed last.</param>
/// <param name="Accessed">When it was read last, as far as the file system notes that.</param>
/// <param name="Changed">When its content or its state changed last.</param>
/// <param name="LinkTarget">Where a symbolic link leads, as it stands there; <see langword="null"/> for everything else.</param>
/// <param name="LinkCount">How many names it has.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Device">The number of its file system: two entries with the same <paramref name="Inode"/> and this are one.</param>
public sealed record FileStat(
    string Path,
    FileKind Kind,
    long Size,
    long AllocatedSize,
    UnixFileMode Mode,
    uint UserId,
    uint GroupId,
    string? User,
    string? Group,
    FileTime Modified,
    FileTime Accessed,
    FileTime Changed,
    string? LinkTarget,
    uint LinkCount,
    ulong Inode,
    ulong Device)
{
    /// <summary>The last part of <see cref="Path"/>.</summary>
    public string Name => Path.AsSpan().TrimEnd('/') is { IsEmpty: false } path ? path[(path.LastIndexOf('/') + 1)..].ToString() : Path;
}
