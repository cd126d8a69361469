using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Makes states of entries from what the kernel tells, for one call: it looks up the names of users and groups once.</summary>
internal sealed class FileStats
{
    private readonly IReadOnlyDictionary<uint, string> _users = AccountNames.Users.Names;
    private readonly IReadOnlyDictionary<uint, string> _groups = AccountNames.Groups.Names;

    public FileStat Of(string path, in RawStat stat, Func<byte[]?> readLink)
    {
        FileKind kind = stat.Kind;
        return new FileStat(
            path,
            kind,
            stat.Size,
            stat.Blocks * 512,
            (UnixFileMode)stat.Permissions,
            stat.User,
            stat.Group,
            _users.GetValueOrDefault(stat.User),
            _groups.GetValueOrDefault(stat.Group),
            stat.Modified,
            new FileTime(stat.AccessedSeconds, (int)stat.AccessedNanoseconds),
            new FileTime(stat.ChangedSeconds, (int)stat.ChangedNanoseconds),
            kind == FileKind.SymbolicLink && readLink() is { } target ? PathBytes.Decode(target) : null,
            stat.Links,
            stat.Inode,
            ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor);
    }

    /// <summary>The path of an entry whose name ends with a zero.</summary>
    public static string Join(string folder, byte[] name) =>
        folder.EndsWith('/') ? folder + PathBytes.OfTerminated(name) : $"{folder}/{PathBytes.OfTerminated(name)}";
}
