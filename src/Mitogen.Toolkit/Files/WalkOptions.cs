namespace Mitogen.Toolkit;

/// <summary>The bounds of a walk through a tree.</summary>
public sealed record WalkOptions
{
    /// <summary>How many folders deep the walk goes; 1 is the folder's own entries. Default and most: 500. Deeper ones are not entered.</summary>
    public int MaxDepth { get; init; } = 500;

    /// <summary>How many entries the walk gives; at one more it is an <see cref="IOException"/>. Default: 10,000,000.</summary>
    public long MaxEntries { get; init; } = 10_000_000;

    /// <summary>Whether folders of other file systems are entered, such as what is mounted. Default: yes.</summary>
    public bool OtherVolumes { get; init; } = true;
}

/// <summary>What a walk found.</summary>
/// <param name="Path">The entry's path: the folder's that the walk began at, and the way from there.</param>
/// <param name="Depth">How many folders lie between, and 1.</param>
/// <param name="Stat">The entry; <see langword="null"/> if its state could not be read, because it is gone.</param>
/// <param name="Problem">Why a folder's entries are missing from the walk, or the state of this one; <see langword="null"/> if nothing is.</param>
public sealed record WalkEntry(string Path, int Depth, FileStat? Stat, string? Problem);
