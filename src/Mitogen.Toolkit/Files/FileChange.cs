namespace Mitogen.Toolkit;

/// <summary>What happened to an entry of a folder that is watched.</summary>
public enum FileChangeKind
{
    /// <summary>It came.</summary>
    Created,

    /// <summary>Its content or its state changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It has another name.</summary>
    Renamed,

    /// <summary>More happened than was read: changes are missing here, and the folder has to be listed anew.</summary>
    Lost,
}

/// <summary>A change in a folder that is watched.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The entry, or the folder itself if changes were lost.</param>
/// <param name="OldPath">The name before, if it was renamed.</param>
public sealed record FileChange(FileChangeKind Kind, string Path, string? OldPath = null);

/// <summary>How a folder is watched.</summary>
public sealed record WatchOptions
{
    /// <summary>Whether the folders below are watched as well. Default: no.</summary>
    public bool Recursive { get; init; }

    /// <summary>A pattern that names have to match, such as <c>*.conf</c>. Default: all.</summary>
    public string Pattern { get; init; } = "*";

    /// <summary>How many changes wait to be read; after that a <see cref="FileChangeKind.Lost"/> takes their place. Default: 10,000; 1 to 1,000,000.</summary>
    public int MaxPending { get; init; } = 10_000;
}
