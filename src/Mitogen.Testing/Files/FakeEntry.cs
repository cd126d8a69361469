using Mitogen.Toolkit;

namespace Mitogen.Testing.Files;

/// <summary>An entry of a <see cref="FakeFiles"/>. Guarded by the lock of that.</summary>
internal sealed class FakeEntry(FileKind kind, uint mode, ulong inode)
{
    public FileKind Kind { get; } = kind;

    public UnixFileMode Mode { get; set; } = (UnixFileMode)mode;

    public ulong Inode { get; } = inode;

    /// <summary>What is in a folder, by name.</summary>
    public SortedDictionary<string, FakeEntry> Children { get; } = new(StringComparer.Ordinal);

    public byte[] Content { get; set; } = [];

    public string? Target { get; init; }

    public uint Links { get; set; } = 1;

    public (uint Id, string Name) User { get; set; } = (0, "root");

    public (uint Id, string Name) Group { get; set; } = (0, "root");

    public FileTime Modified { get; set; } = FileTime.Now;

    public FileTime Accessed { get; set; } = FileTime.Now;

    public FileTime Changed { get; set; } = FileTime.Now;

    public FileStat Stat(string path)
    {
        long size = Target is not null ? PathBytes.Encode(Target).Length : Content.Length;
        return new FileStat(
            path, Kind, size, size, Mode, User.Id, Group.Id, User.Name, Group.Name, Modified, Accessed, Changed, Target, Links, Inode, 1);
    }

    /// <summary>Whether it is another one, or that is in it.</summary>
    public bool Contains(FakeEntry other) => other == this || Children.Values.Any(child => child.Contains(other));

    /// <summary>A copy of it and of what is in it.</summary>
    public FakeEntry Copy(Func<ulong> nextInode)
    {
        FakeEntry copy = new(Kind, (uint)Mode, nextInode()) { Content = Content, Target = Target, Modified = Modified, Accessed = Accessed };
        foreach ((string name, FakeEntry child) in Children)
        {
            copy.Children.Add(name, child.Copy(nextInode));
        }

        return copy;
    }
}
