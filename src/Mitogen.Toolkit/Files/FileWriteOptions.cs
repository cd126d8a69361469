namespace Mitogen.Toolkit;

/// <summary>How a file is written.</summary>
public sealed record FileWriteOptions
{
    /// <summary>
    /// The permissions of the file. <see langword="null"/>, the default: those of the file that is replaced, or <c>rw-rw-rw-</c> without the
    /// umask of the context.
    /// </summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>The owner, by name or number. <see langword="null"/>, the default: that of the file that is replaced, or of the context.</summary>
    public string? User { get; init; }

    /// <summary>The group, by name or number. <see langword="null"/>, the default: that of the file that is replaced, or of the context.</summary>
    public string? Group { get; init; }

    /// <summary>Whether a file that is there may be replaced. Default: yes. Otherwise it is an <see cref="IOException"/>.</summary>
    public bool Replace { get; init; } = true;

    /// <summary>Whether missing folders on the way to the file are made. Default: no.</summary>
    public bool CreateFolders { get; init; }

    /// <summary>
    /// Writes into the file that is there and not into a new one beside it. That keeps hard links and works where no file can be made, but
    /// leaves a part of the content if it is cut off. Default: no. Devices, pipes and sockets are always written in this way.
    /// </summary>
    public bool InPlace { get; init; }

    /// <summary>
    /// Whether the file is on the disk, and not only in memory, when the call completes. Default: yes. Without it a loss of power may leave the
    /// old content, the new or none.
    /// </summary>
    public bool Flush { get; init; } = true;

    /// <summary>
    /// How long to wait for another one who writes the same file through this contract. Default: 30 seconds; 0 to 24 days. After that the
    /// call ends with <see cref="IOException"/>.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);
}
