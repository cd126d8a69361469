using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// An open folder, in which entries are named by one name each: whoever renames or replaces folders above meanwhile leads nothing astray. Names
/// end with a zero. For one thread at a time.
/// </summary>
internal sealed unsafe class FolderHandle : IDisposable
{
    /// <summary>The most bytes of a name (NAME_MAX).</summary>
    public const int MaxName = 255;

    private readonly SafeFileHandle _handle;

    private FolderHandle(SafeFileHandle handle) => _handle = handle;

    private int Number => (int)_handle.DangerousGetHandle();

    /// <summary>Opens a folder; links are followed.</summary>
    /// <returns>It, or <see langword="null"/>; then the error is the last one of P/Invoke.</returns>
    public static FolderHandle? Open(string path) =>
        Of(FileLibc.Open(FileLibc.Here, PathBytes.ToTerminated(path), FileLibc.ReadOnly | FileLibc.Folder | FileLibc.CloseOnExec, 0));

    /// <summary>The folder that an entry is in, and the entry's name in it. Links on the way are followed, the entry itself is not looked at.</summary>
    public static (FolderHandle Folder, byte[] Name) OpenParent(string path, string action, FileFailures failures)
    {
        (string parent, string name) = Split(path);
        byte[] terminated = PathBytes.ToTerminated(name);
        return (Open(parent) ?? throw ParentFailure(failures, action, path), terminated);
    }

    /// <summary>The parent's path and the last name. A path that ends with <c>.</c> or <c>..</c> has a last name that is refused as such.</summary>
    public static (string Parent, string Name) Split(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0)
        {
            return ("/", ".");
        }

        int slash = trimmed.LastIndexOf('/');
        return slash < 0 ? (".", trimmed) : (slash == 0 ? "/" : trimmed[..slash], trimmed[(slash + 1)..]);
    }

    /// <summary>Whether bytes, without a zero, are the name of an entry, and of one in the folder itself.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= MaxName && !name.ContainsAny((byte)'/', (byte)0) && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8);

    /// <summary>Refuses what is no name of an entry, as the last part of a path.</summary>
    public static void CheckName(byte[] name, string action, string path, FileFailures failures)
    {
        if (!IsName(name.AsSpan(..^1)))
        {
            throw failures.Make(name.Length - 1 > MaxName ? FileLibc.NameTooLong : FileLibc.IsFolder, action, path);
        }
    }

    /// <summary>Opens a folder in this one; a link is not followed.</summary>
    public FolderHandle? OpenFolder(byte[] name) =>
        Of(FileLibc.Open(Number, name, FileLibc.ReadOnly | FileLibc.Folder | FileLibc.NoFollow | FileLibc.CloseOnExec, 0));

    /// <summary>Opens this folder once more, with a position of its own.</summary>
    public FolderHandle? Reopen() =>
        Of(FileLibc.Open(Number, PathBytes.ToTerminated("."), FileLibc.ReadOnly | FileLibc.Folder | FileLibc.CloseOnExec, 0));

    /// <summary>Opens a file in this folder; a link is not followed.</summary>
    public SafeFileHandle? OpenFile(byte[] name, int flags, uint mode = 0)
    {
        int number = FileLibc.Open(Number, name, flags | FileLibc.NoFollow | FileLibc.CloseOnExec, mode);
        return number < 0 ? null : new SafeFileHandle(number, ownsHandle: true);
    }

    public bool TryStat(byte[] name, out RawStat stat) => TryStat(Number, name, FileLibc.NoFollowAt, out stat);

    public bool TryStatSelf(out RawStat stat) => TryStat(_handle, out stat);

    public static bool TryStat(SafeFileHandle file, out RawStat stat) =>
        TryStat((int)file.DangerousGetHandle(), [0], FileLibc.EmptyPath, out stat);

    public static bool TryStat(string path, bool followLinks, out RawStat stat) =>
        TryStat(FileLibc.Here, PathBytes.ToTerminated(path), followLinks ? 0 : FileLibc.NoFollowAt, out stat);

    /// <summary>Where a link leads, without a zero; <see langword="null"/> if it cannot be read.</summary>
    public byte[]? ReadLink(byte[] name) => ReadLink(Number, name);

    public static byte[]? ReadLink(string path) => ReadLink(FileLibc.Here, PathBytes.ToTerminated(path));

    public bool Unlink(byte[] name, bool isFolder = false) => FileLibc.Unlink(Number, name, isFolder ? FileLibc.RemoveFolder : 0) == 0;

    /// <summary>Gives an entry another name, which replaces what has that, or only where nothing has it.</summary>
    public bool Rename(byte[] name, FolderHandle to, byte[] newName, bool replace) =>
        replace ? FileLibc.Rename(Number, name, to.Number, newName) == 0 : RenameNew(name, to, newName);

    public bool MakeFolder(byte[] name, uint mode) => FileLibc.MakeFolder(Number, name, mode) == 0;

    public bool MakeSymbolicLink(byte[] target, byte[] name) => FileLibc.MakeSymbolicLink(target, Number, name) == 0;

    public bool SetOwner(byte[] name, uint user, uint group) => FileLibc.SetOwner(Number, name, user, group, FileLibc.NoFollowAt) == 0;

    /// <summary>Sets the permissions of this folder itself.</summary>
    public bool SetModeSelf(uint mode) => FileLibc.SetMode(_handle, mode) == 0;

    public bool SetOwnerSelf(uint user, uint group) => FileLibc.SetOwner(_handle, user, group) == 0;

    public bool SetTimesSelf(FileTime accessed, FileTime modified) => SetTimes(_handle, accessed, modified);

    public bool SetTimes(byte[] name, FileTime accessed, FileTime modified) =>
        FileLibc.SetTimes(Number, name, FileLibc.Times(accessed, modified), FileLibc.NoFollowAt) == 0;

    public static bool SetTimes(SafeFileHandle file, FileTime accessed, FileTime modified) =>
        FileLibc.SetTimes(file, FileLibc.Times(accessed, modified)) == 0;

    /// <summary>Has the folder's names on the disk.</summary>
    public bool Flush() => FileLibc.Flush(_handle) == 0 || Marshal.GetLastPInvokeError() == FileLibc.Invalid;

    /// <summary>Has all of the folder's file system on the disk.</summary>
    public bool FlushVolume() => FileLibc.FlushVolume(_handle) == 0;

    /// <summary>The names of the entries, read as they are asked for, without <c>.</c> and <c>..</c>. Once for each open folder.</summary>
    /// <exception cref="FolderReadException">The folder cannot be read further.</exception>
    public IEnumerable<byte[]> Names()
    {
        byte[] buffer = new byte[32 * 1024];
        while (true)
        {
            int count = FileLibc.Entries(_handle, buffer);
            if (count < 0)
            {
                throw new FolderReadException(Marshal.GetLastPInvokeError());
            }

            if (count == 0)
            {
                yield break;
            }

            // ino 8, off 8, reclen 2, type 1, then the name with its zero.
            for (int start = 0; start < count;)
            {
                int length = BitConverter.ToUInt16(buffer, start + 16);
                int end = Array.IndexOf(buffer, (byte)0, start + 19, length - 19);
                ReadOnlySpan<byte> name = buffer.AsSpan(start + 19, end - start - 19);
                start += length;
                if (IsName(name))
                {
                    yield return [.. name, 0];
                }
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Renames where nothing has the new name. File systems that cannot do that in one step do it in two.</summary>
    private bool RenameNew(byte[] name, FolderHandle to, byte[] newName)
    {
        if (FileLibc.RenameNew(Number, name, to.Number, newName) == 0)
        {
            return true;
        }

        if (Marshal.GetLastPInvokeError() is not FileLibc.Invalid)
        {
            return false;
        }

        if (to.TryStat(newName, out _))
        {
            Marshal.SetLastPInvokeError(FileLibc.Exists);
            return false;
        }

        return Rename(name, to, newName, replace: true);
    }

    private static bool TryStat(int folder, byte[] name, int flags, out RawStat stat)
    {
        RawStat result;
        bool isThere = FileLibc.Stat(folder, name, flags, &result) == 0;
        stat = isThere ? result : default;
        return isThere;
    }

    private static FolderHandle? Of(int number) => number < 0 ? null : new FolderHandle(new SafeFileHandle(number, ownsHandle: true));

    private static byte[]? ReadLink(int folder, byte[] name)
    {
        byte* buffer = stackalloc byte[4096];
        nint length = FileLibc.ReadLink(folder, name, buffer, 4096);
        return length < 0 ? null : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
    }

    private static Exception ParentFailure(FileFailures failures, string action, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return error is FileLibc.NotFound or FileLibc.NotFolder
            ? new DirectoryNotFoundException(
                $"Cannot {action} '{PathBytes.Display(path)}' {failures.Place}: the folder that it would be in does not exist. CreateFolderAsync makes it.")
            : failures.Make(error, action, path);
    }
}

/// <summary>A folder could not be read to its end.</summary>
internal sealed class FolderReadException(int error) : Exception
{
    public int Error { get; } = error;
}
