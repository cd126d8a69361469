using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Interop;

/// <summary>The calls of the C library about processes that .NET has no name for, with Linux's numbers.</summary>
internal static unsafe partial class ProcessLibc
{
    public const int NotPermitted = 1;           // EPERM
    public const int NoSuchFile = 2;             // ENOENT
    public const int NoSuchProcess = 3;          // ESRCH
    public const int Interrupted = 4;            // EINTR
    public const int InputOutputError = 5;       // EIO
    public const int BadExecutable = 8;          // ENOEXEC
    public const int TryAgain = 11;              // EAGAIN
    public const int AccessDenied = 13;          // EACCES
    public const int ResultTooLarge = 34;        // ERANGE
    public const int TooLong = 7;                // E2BIG

    public const int CloseOnExec = 0x80000;      // O_CLOEXEC, EFD_CLOEXEC
    public const int ReadWrite = 2;              // O_RDWR
    public const int WriteOnly = 1;              // O_WRONLY
    public const int Create = 0x40;              // O_CREAT
    public const int Append = 0x400;             // O_APPEND
    public const int NonBlocking = 0x800;        // O_NONBLOCK, EFD_NONBLOCK
    public const int NoControllingTerminal = 0x100; // O_NOCTTY
    public const int GetDescriptorFlags = 1;     // F_GETFD
    public const int DescriptorCloseOnExec = 1;  // FD_CLOEXEC
    public const int SetStatusFlags = 4;         // F_SETFL

    public const short SpawnProcessGroup = 0x02; // POSIX_SPAWN_SETPGROUP
    public const short SpawnSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF
    public const short SpawnSignalMask = 0x08;   // POSIX_SPAWN_SETSIGMASK
    public const short SpawnNewSession = 0x80;   // POSIX_SPAWN_SETSID

    /// <summary>Room for posix_spawnattr_t and posix_spawn_file_actions_t (336 and 80 bytes in glibc and in musl on 64 bits).</summary>
    public const int SpawnObjectSize = 512;
    public const int SignalSetSize = 128;        // sigset_t, in glibc and in musl
    public const int SignalInfoSize = 128;       // siginfo_t, fixed by the kernel
    public const int ResourceUsageSize = 272;    // struct rusage: 144 bytes in glibc, 272 in musl

    public const int AnyProcessId = 1;           // P_PID
    public const int NoHang = 1;                 // WNOHANG
    public const int Exited = 4;                 // WEXITED
    public const int NoReap = 0x1000000;         // WNOWAIT

    public const int ShareNoFolder = 0x200;      // CLONE_FS: the umask and the current folder become the thread's own
    public const int ThisThread = 0;             // PRIO_PROCESS with 0: on Linux the priority is the thread's
    public const int GetDumpable = 3;            // PR_GET_DUMPABLE
    public const int SetDumpable = 4;            // PR_SET_DUMPABLE

    public const nuint SetWindowSize = 0x5414;   // TIOCSWINSZ
    public const nuint BytesToRead = 0x541B;     // FIONREAD

    public const short PollIn = 1;
    public const short PollOut = 4;

    private const nint PidOpenCall = 434;        // the same number on every architecture

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int SpawnAttributesCreate(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int SpawnAttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SpawnSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    public static partial int SpawnSetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SpawnSetSignalMask(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SpawnSetSignalDefaults(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int SpawnActionsCreate(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int SpawnActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int SpawnAddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclose")]
    public static partial int SpawnAddClose(byte* actions, int fd);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial int SpawnAddOpen(byte* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int SpawnAddChangeDirectory(byte* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, byte* info, int options);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    public static partial int Wait(int pid, int* status, int options, byte* usage);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileStatus(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PolledDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockTerminal(int fd);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    public static partial int TerminalName(int fd, byte* name, nint size);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetUmask(uint mask);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int operation, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindUser(string name, NativeUser* user, byte* buffer, nint size, NativeUser** result);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    public static partial int FindUser(uint id, NativeUser* user, byte* buffer, nint size, NativeUser** result);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindGroup(string name, NativeGroup* group, byte* buffer, nint size, NativeGroup** result);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GroupsOf(string user, uint group, uint* groups, int* count);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "reboot", SetLastError = true)]
    public static partial int Reboot(uint command);

    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void Sync();

    [LibraryImport("libc", EntryPoint = "sysconf")]
    public static partial nint SystemValue(int name);

    /// <summary>A descriptor that polls readable when the process ends (by number: the library's own name came with glibc 2.36).</summary>
    public static int OpenProcess(int pid) => (int)SystemCall(PidOpenCall, pid, 0, 0);

    /// <summary>Whether a path is a socket, and not a link to one.</summary>
    public static bool IsSocket(string path)
    {
        const int CurrentFolder = -100;    // AT_FDCWD
        const int NotThroughLinks = 0x100; // AT_SYMLINK_NOFOLLOW
        const uint Type = 1;               // STATX_TYPE
        const int Size = 256;              // struct statx
        const int ModePlace = 28;          // stx_mode
        byte* status = stackalloc byte[Size];
        return FileStatus(CurrentFolder, path, NotThroughLinks, Type, status) == 0 && (*(ushort*)(status + ModePlace) & 0xf000) == 0xc000; // S_IFSOCK
    }

    /// <summary>An error of the C library in words.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The error of the last call.</summary>
    public static IOException Error(string what)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Text(error)}", error);
    }
}

/// <summary>poll(2)'s entry.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PolledDescriptor
{
    public int Fd;
    public short Events;
    public short Returned;
}

/// <summary>struct passwd, the same in glibc and in musl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeUser
{
    public byte* Name;
    public byte* Password;
    public uint User;
    public uint Group;
    public byte* Comment;
    public byte* Home;
    public byte* Shell;
}

/// <summary>struct group, the same in glibc and in musl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeGroup
{
    public byte* Name;
    public byte* Password;
    public uint Group;
    public byte** Members;
}

/// <summary>struct winsize.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeWindowSize
{
    public ushort Rows;
    public ushort Columns;
    public ushort Width;
    public ushort Height;
}
