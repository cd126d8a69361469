using System.Runtime.InteropServices;

namespace Mitogen.Interop;

/// <summary>The calls of the C library that .NET has no name for. Descriptors are plain numbers here: their owner leases them.</summary>
internal static unsafe partial class Libc
{
    public const int InterruptedError = 4;      // EINTR
    public const int NoSuchFile = 2;            // ENOENT
    public const int WouldBlock = 11;           // EAGAIN
    public const int PermissionDenied = 13;     // EACCES
    public const int ConnectionReset = 104;     // ECONNRESET

    public const int CloseOnExec = 0x80000;     // O_CLOEXEC, SOCK_CLOEXEC, EFD_CLOEXEC
    public const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    public const int GetDescriptorFlags = 1;    // F_GETFD
    public const int SetDescriptorFlags = 2;    // F_SETFD
    public const int DescriptorCloseOnExec = 1; // FD_CLOEXEC
    public const int GetStatusFlags = 3;        // F_GETFL
    public const int AccessMode = 3;            // O_ACCMODE
    public const int GetPipeSize = 1032;        // F_GETPIPE_SZ
    public const nuint BytesThatWait = 0x541B;  // FIONREAD

    public const int UnixFamily = 1;            // AF_UNIX
    public const int StreamSocket = 1;          // SOCK_STREAM
    public const int SocketLevel = 1;           // SOL_SOCKET
    public const int SocketType = 3;            // SO_TYPE
    public const int DontWait = 0x40;           // MSG_DONTWAIT
    public const int NoSignal = 0x4000;         // MSG_NOSIGNAL
    public const int ShutdownWrite = 1;         // SHUT_WR
    public const int ShutdownBoth = 2;          // SHUT_RDWR

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollPeerClosed = 0x2000; // POLLRDHUP

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int fd, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemoryDescriptor(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    public static partial int Duplicate(int from, int to, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int fd, int level, int option, int* value, uint* length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileStatus(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    public static partial nint GetRandom(byte* buffer, nint count, uint flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int InputOutputControl(int fd, nuint request, int* argument);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, nuint* limits);

    /// <summary>How many descriptors this process may have; <see langword="null"/> if the system does not say.</summary>
    public static nuint? OpenFileLimit()
    {
        const int OpenFiles = 7; // RLIMIT_NOFILE
        nuint* limits = stackalloc nuint[2];
        return GetLimit(OpenFiles, limits) == 0 ? limits[0] : null;
    }

    /// <summary>The error of the last call, as the exception that .NET's own file calls would throw.</summary>
    public static IOException Error(string what, int error = -1)
    {
        error = error < 0 ? Marshal.GetLastPInvokeError() : error;
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }
}

/// <summary>poll(2)'s entry; a negative descriptor is passed over.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor(int fd, short events)
{
    public int Fd = fd;
    public short Events = events;
    public short Returned;

    public readonly bool Ready => Returned != 0;
}
