using System.Globalization;
using System.Runtime.InteropServices;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// Owns a descriptor, always close-on-exec and never 0, 1 or 2. The number is used under a <see cref="Lease"/> only,
/// so a close on one thread waits for the calls of the others and never hits a number that was given out again.
/// </summary>
internal sealed class Descriptor : SafeHandle
{
    private const int FirstPrivate = 3;
    private const string OpenFolder = "/proc/self/fd";

    private Descriptor(int fd) : base(-1, ownsHandle: true) => SetHandle(fd);

    public override bool IsInvalid => handle < 0;

    /// <summary>Takes over a descriptor that a call returned; a failed call becomes an exception.</summary>
    public static Descriptor Own(int fd, string call)
    {
        if (fd < 0)
        {
            throw Libc.Error(call);
        }

        if (fd >= FirstPrivate)
        {
            return new Descriptor(fd);
        }

        // A process started with its standard streams closed gets their numbers for the next thing that it opens.
        using var low = new Descriptor(fd);
        return Copy(fd);
    }

    /// <summary>A private copy of a descriptor that stays with its owner.</summary>
    /// <param name="fd">The number of the original.</param>
    /// <param name="lowest">The copy gets the first free number from here on.</param>
    public static Descriptor Copy(int fd, int lowest = FirstPrivate)
    {
        int copy = Libc.Control(fd, Libc.DuplicateCloseOnExec, lowest);
        return copy < 0 ? throw Libc.Error("fcntl") : new Descriptor(copy);
    }

    public static Descriptor Open(string path, int flags) => Own(Libc.Open(path, flags | Libc.CloseOnExec), $"open {path}");

    public static unsafe (Descriptor Read, Descriptor Write) Pipe()
    {
        int* ends = stackalloc int[2];
        return Libc.Pipe(ends, Libc.CloseOnExec) < 0 ? throw Libc.Error("pipe2") : OwnPair(ends, "pipe2");
    }

    public static unsafe (Descriptor, Descriptor) SocketPair()
    {
        int* ends = stackalloc int[2];
        return Libc.SocketPair(Libc.UnixFamily, Libc.StreamSocket | Libc.CloseOnExec, 0, ends) < 0
            ? throw Libc.Error("socketpair")
            : OwnPair(ends, "socketpair");
    }

    public static Descriptor Event() => Own(Libc.EventDescriptor(0, Libc.CloseOnExec), "eventfd");

    /// <summary>The number, for as long as the lease is held.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public Lease Use() => new(this);

    /// <summary>Makes an event descriptor readable for good.</summary>
    public unsafe void Signal()
    {
        using Lease lease = Use();
        ulong one = 1;
        _ = Libc.Write(lease.Fd, (byte*)&one, sizeof(ulong)); // fails only when the counter is full: then it is readable
    }

    /// <summary>Whether a descriptor is a socket.</summary>
    public static unsafe bool IsSocket(int fd)
    {
        int type = 0;
        uint length = sizeof(int);
        return Libc.GetSocketOption(fd, Libc.SocketLevel, Libc.SocketType, &type, &length) == 0;
    }

    /// <summary>The numbers of all descriptors that this process has open at the moment; none where there is no /proc.</summary>
    public static IEnumerable<int> OpenNumbers() =>
        Directory.Exists(OpenFolder)
            ? from path in Directory.EnumerateFileSystemEntries(OpenFolder)
              select int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)
            : [];

    /// <summary>The target of a descriptor, such as <c>pipe:[1234]</c>; null if it is closed.</summary>
    public static string? Target(int fd) => new FileInfo($"{OpenFolder}/{fd}").LinkTarget;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private static unsafe (Descriptor, Descriptor) OwnPair(int* ends, string call) => (Own(ends[0], call), Own(ends[1], call));

    public readonly ref struct Lease
    {
        private readonly Descriptor _owner;

        public Lease(Descriptor owner)
        {
            bool added = false;
            owner.DangerousAddRef(ref added);
            _owner = owner;
        }

        public int Fd => (int)_owner.handle;

        public void Dispose() => _owner.DangerousRelease();
    }
}
