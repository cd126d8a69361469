using System.Runtime.InteropServices;

namespace Mitogen.Interop;

/// <content>epoll(7), and the descriptors that are made for it.</content>
internal static unsafe partial class Libc
{
    public const int EpollAdd = 1;              // EPOLL_CTL_ADD
    public const int EpollRemove = 2;           // EPOLL_CTL_DEL
    public const int EpollChange = 3;           // EPOLL_CTL_MOD
    public const int MonotonicClock = 1;        // CLOCK_MONOTONIC

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int fd, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* entries, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerDescriptor(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int SetTimer(int fd, int flags, long* times, long* old);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int fd, byte* buffer, nint count, int flags);
}
