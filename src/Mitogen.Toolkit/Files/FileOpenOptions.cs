namespace Mitogen.Toolkit;

/// <summary>How a file is opened for writing into it.</summary>
public sealed record FileOpenOptions
{
    /// <summary>The byte at which writing begins; <see langword="null"/>, the default, is at 0. Not together with <see cref="Append"/>.</summary>
    public long? Offset { get; init; }

    /// <summary>Whether all is written at the end of the file, wherever that is by then. Default: no.</summary>
    public bool Append { get; init; }

    /// <summary>Whether the file is made if it is missing. Default: yes.</summary>
    public bool Create { get; init; } = true;

    /// <summary>Whether what the file holds is dropped when it is opened. Default: no.</summary>
    public bool Truncate { get; init; }

    /// <summary>The permissions of a file that is made, without the umask of the context. Default: <c>rw-rw-rw-</c>.</summary>
    public UnixFileMode Mode { get; init; } = (UnixFileMode)0x1b6;
}
