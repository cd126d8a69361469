using System.Runtime.InteropServices;

namespace Mitogen.Interop;

internal static unsafe partial class Libc
{

    public const short SpawnSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF
    public const short SpawnSignalMask = 0x08;     // POSIX_SPAWN_SETSIGMASK
    public const short SpawnNewSession = 0x80;     // POSIX_SPAWN_SETSID

    /// <summary>
    /// Room for posix_spawnattr_t and posix_spawn_file_actions_t, whose sizes are the library's own
    /// (336 and 80 bytes in glibc and in musl on 64 bits).
    /// </summary>
    public const int SpawnObjectSize = 512;

    public const int SignalSetSize = 128;       // sigset_t, in glibc and in musl
    public const int SignalInfoSize = 128;      // siginfo_t, fixed by the kernel

    public const int AnyProcessId = 1;          // P_PID
    public const int NoHang = 1;                // WNOHANG
    public const int Exited = 4;                // WEXITED
    public const int NoReap = 0x1000000;        // WNOWAIT

    public const int HangUp = 1;                // SIGHUP
    public const int Interrupt = 2;             // SIGINT
    public const int Abort = 6;                 // SIGABRT
    public const int Kill = 9;                  // SIGKILL
    public const int Terminate = 15;            // SIGTERM

    private const nint PidOpenCall = 434;       // the same number on every architecture

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int SpawnAttributesCreate(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int SpawnAttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SpawnSetFlags(byte* attributes, short flags);

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

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int SpawnAddChangeDirectory(byte* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, byte* info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "getpgid", SetLastError = true)]
    public static partial int GetProcessGroup(int pid);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int GetParentProcess();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    /// <summary>A descriptor that polls readable when the process ends (by number: the library's own name came with glibc 2.36).</summary>
    public static int PidDescriptor(int pid) => (int)SystemCall(PidOpenCall, pid, 0);
}
