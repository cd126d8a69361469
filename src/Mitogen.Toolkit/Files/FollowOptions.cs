namespace Mitogen.Toolkit;

/// <summary>How a file that grows is followed.</summary>
public sealed record FollowOptions
{
    /// <summary>How many of the lines that are there come first. Default: 0.</summary>
    public int Lines { get; init; }

    /// <summary>How many bytes a line may have; a longer one is an <see cref="IOException"/>. Default: 1 MiB.</summary>
    public int MaxLineBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// How often the file is looked at where the operating system does not tell of changes (network file systems), and whether another
    /// one has taken its name. Default: 1 second; 10 milliseconds to 1 hour.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the file may be missing at first: the call then waits for it. Default: no.</summary>
    public bool MayBeMissing { get; init; }
}
