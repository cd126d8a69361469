using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mitogen.Interop;

internal static unsafe partial class Libc
{
    public const int ReadWrite = 2;                   // O_RDWR
    public const int NoControllingTerminal = 0x100;   // O_NOCTTY

    public const uint ProcessOutput = 1;              // OPOST
    public const uint Echo = 8;                       // ECHO
    public const int SetNow = 0;                      // TCSANOW

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockTerminal(int fd);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    public static partial int TerminalName(int fd, byte* name, nint size);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetTerminalSettings(int fd, TerminalSettings* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetTerminalSettings(int fd, int when, TerminalSettings* settings);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial int SpawnAddOpen(byte* actions, int fd, byte* path, int flags, uint mode);
}

/// <summary>struct termios, whose beginning is the same in glibc and in musl; 60 bytes in both.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TerminalSettings
{
    public uint InputFlags;
    public uint OutputFlags;
    public uint ControlFlags;
    public uint LocalFlags;
    private Rest _rest;

    [InlineArray(64)]
    private struct Rest
    {
        private byte _first;
    }
}
