using Microsoft.Win32.SafeHandles;

namespace Mitogen.Processes;

/// <summary>A file that has no name and lives in memory, for what insists on a path.</summary>
internal sealed class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC

    private readonly Descriptor _descriptor;

    private MemoryFile(Descriptor descriptor, string path)
    {
        _descriptor = descriptor;
        Path = path;
    }

    /// <summary>Opens the file within this process, until it is disposed; what was mapped from it stays.</summary>
    public string Path { get; }

    /// <param name="name">Shown in /proc only.</param>
    /// <param name="content">The whole content.</param>
    public static MemoryFile Create(string name, ReadOnlySpan<byte> content)
    {
        Descriptor descriptor = Descriptor.Own(Libc.MemoryDescriptor(name, CloseOnExec), "memfd_create");
        try
        {
            using Descriptor.Lease fd = descriptor.Use();
            using var file = new SafeFileHandle(fd.Fd, ownsHandle: false);
            RandomAccess.Write(file, content, 0);
            return new MemoryFile(descriptor, $"/proc/self/fd/{fd.Fd}");
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    public void Dispose() => _descriptor.Dispose();
}
