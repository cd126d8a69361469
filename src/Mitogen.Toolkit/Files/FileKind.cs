namespace Mitogen.Toolkit;

/// <summary>What an entry of a folder is.</summary>
public enum FileKind
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>A file with content.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A Unix socket.</summary>
    Socket,

    /// <summary>A device of characters, such as a terminal.</summary>
    CharacterDevice,

    /// <summary>A device of blocks, such as a disk.</summary>
    BlockDevice,
}
