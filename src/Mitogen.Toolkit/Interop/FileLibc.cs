using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mitogen.Toolkit.Interop;

/// <summary>The calls about files that .NET lacks, or has only for paths that are UTF-8. Names end with a zero.</summary>
internal static unsafe partial class FileLibc
{
    public const int Here = -100;              // AT_FDCWD
    public const int NoFollowAt = 0x100;       // AT_SYMLINK_NOFOLLOW
    public const int RemoveFolder = 0x200;     // AT_REMOVEDIR
    public const int EmptyPath = 0x1000;       // AT_EMPTY_PATH

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;            // O_CREAT
    public const int Exclusive = 0x80;         // O_EXCL
    public const int Truncate = 0x200;         // O_TRUNC
    public const int Append = 0x400;           // O_APPEND
    public const int NonBlocking = 0x800;      // O_NONBLOCK
    public const int CloseOnExec = 0x80000;    // O_CLOEXEC

    public const int PermissionDenied = 1;     // EPERM
    public const int NotFound = 2;             // ENOENT
    public const int Interrupted = 4;          // EINTR
    public const int NoDevice = 6;             // ENXIO
    public const int AccessDenied = 13;        // EACCES
    public const int WouldBlock = 11;          // EAGAIN
    public const int Exists = 17;              // EEXIST
    public const int OtherDevice = 18;         // EXDEV
    public const int NotFolder = 20;           // ENOTDIR
    public const int IsFolder = 21;            // EISDIR
    public const int Invalid = 22;             // EINVAL
    public const int NoSpace = 28;             // ENOSPC
    public const int ReadOnlyVolume = 30;      // EROFS
    public const int NameTooLong = 36;         // ENAMETOOLONG
    public const int NoLocks = 37;             // ENOLCK
    public const int NoSuchCall = 38;          // ENOSYS
    public const int NotEmpty = 39;            // ENOTEMPTY
    public const int TooManyLinks = 40;        // ELOOP
    public const int NotSupported = 95;        // EOPNOTSUPP
    public const int OverQuota = 122;          // EDQUOT

    public const int LockExclusive = 2;        // LOCK_EX
    public const int LockWithoutWait = 4;      // LOCK_NB
    public const int SeekData = 3;             // SEEK_DATA
    public const int SeekHole = 4;             // SEEK_HOLE
    public const uint NoReplace = 1;           // RENAME_NOREPLACE

    // These differ from one architecture to the next.
    private static readonly bool s_isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly nint s_statCall = s_isArm ? 291 : 332;      // statx
    private static readonly nint s_entriesCall = s_isArm ? 61 : 217;    // getdents64
    private static readonly nint s_renameCall = s_isArm ? 276 : 316;    // renameat2

    public static int Folder { get; } = s_isArm ? 0x4000 : 0x10000;     // O_DIRECTORY

    public static int NoFollow { get; } = s_isArm ? 0x8000 : 0x20000;   // O_NOFOLLOW

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int Open(int folder, byte[] name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int Unlink(int folder, byte[] name, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeFolder(int folder, byte[] name, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int Rename(int folder, byte[] name, int toFolder, byte[] toName);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int MakeSymbolicLink(byte[] target, int folder, byte[] name);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int MakeLink(int folder, byte[] name, int toFolder, byte[] toName, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLink(int folder, byte[] name, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    public static partial int SetMode(int folder, byte[] name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int SetMode(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    public static partial int SetOwner(int folder, byte[] name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int SetOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimes(int folder, byte[] name, long[] times, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle file, long[] times);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int FlushVolume(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    public static partial int VolumeStat(byte[] path, ulong* stat);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true)]
    private static partial byte* RealPath(byte[] path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    /// <summary>Times as the calls take them.</summary>
    public static long[] Times(FileTime accessed, FileTime modified) =>
        [accessed.Seconds, accessed.Nanoseconds, modified.Seconds, modified.Nanoseconds];

    /// <summary>The state of an entry, by number: the library's own name came late, and its older one differs between architectures.</summary>
    public static int Stat(int folder, byte[] name, int flags, RawStat* stat)
    {
        fixed (byte* start = name)
        {
            return (int)SystemCall(s_statCall, folder, (nint)start, flags, 0xfff, (nint)stat);
        }
    }

    /// <summary>The next entries of an open folder, as <c>linux_dirent64</c>.</summary>
    public static int Entries(SafeFileHandle folder, Span<byte> buffer)
    {
        bool taken = false;
        try
        {
            folder.DangerousAddRef(ref taken);
            fixed (byte* start = buffer)
            {
                return (int)SystemCall(s_entriesCall, folder.DangerousGetHandle(), (nint)start, buffer.Length, 0, 0);
            }
        }
        finally
        {
            if (taken)
            {
                folder.DangerousRelease();
            }
        }
    }

    /// <summary>Renames where nothing has the new name.</summary>
    public static int RenameNew(int folder, byte[] name, int toFolder, byte[] toName)
    {
        fixed (byte* from = name)
        fixed (byte* to = toName)
        {
            return (int)SystemCall(s_renameCall, folder, (nint)from, toFolder, (nint)to, (nint)NoReplace);
        }
    }

    /// <summary>The path without links, or <see langword="null"/> if there is none.</summary>
    public static byte[]? RealPath(byte[] path)
    {
        byte* buffer = stackalloc byte[4096]; // PATH_MAX
        return RealPath(path, buffer) == null ? null : [.. MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer), 0];
    }
}

/// <summary>What the kernel tells of an entry (<c>struct statx</c>, the same on all architectures).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct RawStat
{
    [FieldOffset(16)]
    public uint Links;
    [FieldOffset(20)]
    public uint User;
    [FieldOffset(24)]
    public uint Group;
    [FieldOffset(28)]
    public ushort Mode;
    [FieldOffset(32)]
    public ulong Inode;
    [FieldOffset(40)]
    public long Size;
    [FieldOffset(48)]
    public long Blocks;
    [FieldOffset(64)]
    public long AccessedSeconds;
    [FieldOffset(72)]
    public uint AccessedNanoseconds;
    [FieldOffset(96)]
    public long ChangedSeconds;
    [FieldOffset(104)]
    public uint ChangedNanoseconds;
    [FieldOffset(112)]
    public long ModifiedSeconds;
    [FieldOffset(120)]
    public uint ModifiedNanoseconds;
    [FieldOffset(136)]
    public uint DeviceMajor;
    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly FileKind Kind => (Mode & 0xf000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xa000 => FileKind.SymbolicLink,
        0x1000 => FileKind.Pipe,
        0xc000 => FileKind.Socket,
        0x2000 => FileKind.CharacterDevice,
        0x6000 => FileKind.BlockDevice,
        _ => FileKind.Unknown,
    };

    public readonly uint Permissions => (uint)Mode & 0xfff;

    public readonly FileTime Modified => new(ModifiedSeconds, (int)ModifiedNanoseconds);

    public readonly bool IsSameAs(in RawStat other) =>
        Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;
}
