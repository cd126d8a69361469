using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Makes states of entries from what the kernel tells.</summary>
internal static class FileStats
{
    public static FileStat Of(string path, in RawStat stat, Func<byte[]?> readLink)
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
            AccountNames.Users.Find(stat.User),
            AccountNames.Groups.Find(stat.Group),
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

    /// <summary>The names, with the failure to read a folder as the exception that its caller wants.</summary>
    public static IEnumerable<byte[]> Failing(this IEnumerable<byte[]> names, Func<FolderReadException, Exception> failure)
    {
        using IEnumerator<byte[]> each = names.GetEnumerator();
        while (true)
        {
            try
            {
                if (!each.MoveNext())
                {
                    yield break;
                }
            }
            catch (FolderReadException e)
            {
                throw failure(e);
            }

            yield return each.Current;
        }
    }
}
