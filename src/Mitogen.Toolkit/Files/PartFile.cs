using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>The steps of writing a file as a whole, in their order. Tests kill the process at each.</summary>
internal enum PartStep
{
    Created,
    Owned,
    Written,
    Flushed,
    Renamed,
    FolderFlushed,
}

/// <summary>
/// The part beside a file that holds its new content until that is whole. Its one writer holds a lock on it, so that a part without a lock is
/// one that was left. The name is always the same: the next writer of the file finds it.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const string Suffix = ".mitogen-part";

    private readonly FolderHandle _folder;
    private readonly byte[] _name;
    private readonly byte[] _partName;
    private bool _isSettled;

    private PartFile(FolderHandle folder, byte[] name, byte[] partName, SafeFileHandle handle, long kept)
    {
        _folder = folder;
        _name = name;
        _partName = partName;
        Handle = handle;
        KeptLength = kept;
    }

    /// <summary>Called at each step; a test's own.</summary>
    internal static Action<PartStep>? Reached { get; set; }

    public SafeFileHandle Handle { get; }

    /// <summary>How many bytes a part that was left and is gone on with holds.</summary>
    public long KeptLength { get; }

    /// <summary>The name of the part of a file: <c>.NAME.mitogen-part</c>, or of a name that is too long for that, its beginning and hash.</summary>
    public static byte[] NameOf(byte[] name)
    {
        ReadOnlySpan<byte> plain = name.AsSpan(..^1);
        ReadOnlySpan<byte> suffix = System.Text.Encoding.ASCII.GetBytes(Suffix);
        return plain.Length + suffix.Length + 1 <= FolderHandle.MaxName
            ? [(byte)'.', .. plain, .. suffix, 0]
            : [(byte)'.', .. plain[..200], (byte)'~', .. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(XxHash64.Hash(plain))), .. suffix, 0];
    }

    /// <summary>Whether a name, without a zero, is that of a part.</summary>
    public static bool IsPart(ReadOnlySpan<byte> name) => name.Length > Suffix.Length + 1 && name[0] == '.' && name.EndsWith(".mitogen-part"u8);

    /// <summary>Makes the part of a file. One that was left is removed, or gone on with.</summary>
    /// <param name="folder">The folder of both; stays the caller's.</param>
    /// <param name="name">The file.</param>
    /// <param name="keep">Whether a part that was left is gone on with.</param>
    /// <returns>It; <see langword="null"/> if another writer has it now.</returns>
    /// <exception cref="PartFailedException">It cannot be made.</exception>
    public static PartFile? TryCreate(FolderHandle folder, byte[] name, bool keep)
    {
        byte[] partName = NameOf(name);
        while (true)
        {
            SafeFileHandle? handle = Open(folder, partName, out bool isNew);
            if (handle is null)
            {
                continue;
            }

            if (!FileLock.TryTake(handle, out int refusal))
            {
                handle.Dispose();
                if (refusal != 0)
                {
                    _ = isNew && folder.Unlink(partName);
                    throw new PartFailedException(refusal, partName);
                }

                if (isNew)
                {
                    continue; // another one took it for a left one, and removes it
                }

                return null;
            }

            // The lock is worth nothing on a file that has lost the name since it was opened.
            if (!FolderHandle.TryStat(handle, out RawStat own) || !folder.TryStat(partName, out RawStat named) || !own.IsSameAs(named))
            {
                handle.Dispose();
                continue;
            }

            if (isNew || (keep && own.Kind == FileKind.File && own.User == OwnUser && own.Links == 1))
            {
                Reached?.Invoke(PartStep.Created);
                return new PartFile(folder, name, partName, handle, isNew ? 0 : own.Size);
            }

            bool isRemoved = folder.Unlink(partName);
            int reason = Marshal.GetLastPInvokeError();
            handle.Dispose();
            if (!isRemoved)
            {
                throw new PartFailedException(reason, partName);
            }
        }
    }

    /// <summary>Has it on the disk, if that is wanted, and gives it the file's name.</summary>
    /// <param name="flush">Whether the content and the name are flushed.</param>
    /// <param name="replace">Whether a file of that name is replaced.</param>
    /// <returns>Whether that worked; the error is the last one of P/Invoke.</returns>
    public bool Commit(bool flush, bool replace)
    {
        Reached?.Invoke(PartStep.Written);
        if (flush && FileLibc.Flush(Handle) != 0)
        {
            return false;
        }

        Reached?.Invoke(PartStep.Flushed);
        if (!_folder.Rename(_partName, _folder, _name, replace))
        {
            return false;
        }

        _isSettled = true;
        Reached?.Invoke(PartStep.Renamed);
        if (flush && !_folder.Flush())
        {
            return false;
        }

        Reached?.Invoke(PartStep.FolderFlushed);
        return true;
    }

    /// <summary>Leaves it for a later one to go on with.</summary>
    public void Keep() => _isSettled = true;

    /// <summary>Removes it unless it was committed or kept.</summary>
    public void Dispose()
    {
        if (!_isSettled)
        {
            _ = _folder.Unlink(_partName); // whatever stands in the way stands in the way of the next writer too, who tells of it
        }

        Handle.Dispose();
    }

    internal static uint OwnUser { get; } = FileLibc.EffectiveUser();

    /// <returns>The part, new or as it was left; <see langword="null"/> if it went meanwhile.</returns>
    private static SafeFileHandle? Open(FolderHandle folder, byte[] partName, out bool isNew)
    {
        // Open by nobody else from its first moment on: the permissions of the file come before any content.
        SafeFileHandle? handle = folder.OpenFile(partName, FileLibc.ReadWrite | FileLibc.Create | FileLibc.Exclusive, 0x180 /* rw------- */);
        isNew = handle is not null;
        int error = Marshal.GetLastPInvokeError();
        if (isNew || (error == FileLibc.Exists && (handle = folder.OpenFile(partName, FileLibc.ReadWrite | FileLibc.NonBlocking)) is not null))
        {
            return handle;
        }

        // Its writer has just finished; or it is a link, a folder or somebody else's file: not one of ours that can be gone on with.
        return error == FileLibc.Exists && (Marshal.GetLastPInvokeError() == FileLibc.NotFound || folder.Unlink(partName))
            ? null
            : throw new PartFailedException(Marshal.GetLastPInvokeError(), partName);
    }
}

/// <summary>A part could not be made.</summary>
internal sealed class PartFailedException(int error, byte[] name) : Exception
{
    public int Error { get; } = error;

    public string Name { get; } = PathBytes.OfTerminated(name);
}
