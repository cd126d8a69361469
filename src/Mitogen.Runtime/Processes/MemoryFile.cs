using Microsoft.Win32.SafeHandles;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>A file that has no name and lives in memory, for what insists on a path.</summary>
internal sealed class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC

    // A path is the number of a descriptor, and .NET caches loaded images by path for good: with a number used twice, the first
    // assembly would be loaded again. So each file takes a number of its own, above those that are given out and reused.
    private static int s_lastNumber = 700;

    private readonly Descriptor _descriptor;

    private MemoryFile(Descriptor descriptor, string path)
    {
        _descriptor = descriptor;
        Path = path;
    }

    /// <summary>
    /// Opens the file within this process, until it is disposed; what was mapped from it stays. Never the path of another file.
    /// </summary>
    public string Path { get; }

    /// <param name="name">Shown in /proc only.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="IOException">There are no memory files here, no memory, or no descriptor.</exception>
    public static MemoryFile Create(string name, ReadOnlySpan<byte> content)
    {
        using Descriptor first = Descriptor.Own(Libc.MemoryDescriptor(name, CloseOnExec), "memfd_create");
        using Descriptor.Lease lease = first.Use();
        using (var file = new SafeFileHandle(lease.Fd, ownsHandle: false))
        {
            RandomAccess.Write(file, content, 0);
        }

        Descriptor descriptor = Descriptor.Copy(lease.Fd, Interlocked.Increment(ref s_lastNumber));
        using Descriptor.Lease numbered = descriptor.Use();
        return new MemoryFile(descriptor, $"/proc/self/fd/{numbered.Fd}");
    }

    public void Dispose() => _descriptor.Dispose();
}
