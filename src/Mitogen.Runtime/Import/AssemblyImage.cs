using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;

namespace Mitogen.Import;

/// <summary>Loads an assembly from its bytes and keeps its ReadyToRun code, which a load from a stream would lose.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Imported on CoreCLR only; native programs bring all their code.")]
internal static partial class AssemblyImage
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC

    // The runtime caches images by path for good, so a descriptor number used twice would load the first assembly again.
    // Each load takes a number of its own, above those that ordinary descriptors get.
    private static int s_nextDescriptor = 700;

    internal static Assembly Load(CompressedAssembly assembly) =>
        LoadFromMemoryFile(assembly) ?? LoadFromFile(assembly) ?? LoadFromStream(assembly);

    /// <summary>Through a memory file's path; <see langword="null"/> where there are no memory files or no <c>/proc</c>.</summary>
    internal static Assembly? LoadFromMemoryFile(CompressedAssembly assembly)
    {
        using var memory = new SafeFileHandle(MemoryFileCreate(assembly.Name, CloseOnExec), ownsHandle: true);
        if (memory.IsInvalid)
        {
            return null;
        }

        using (var content = new FileStream(memory, FileAccess.Write, bufferSize: 0))
        {
            assembly.DecompressTo(content);
            using var unique = new SafeFileHandle(
                DescriptorControl(memory, DuplicateCloseOnExec, Interlocked.Increment(ref s_nextDescriptor)), ownsHandle: true);
            string path = $"/proc/self/fd/{unique.DangerousGetHandle()}";

            // The mapping outlives both descriptors.
            return unique.IsInvalid || !File.Exists(path) ? null : AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }
    }

    /// <summary>Through a file that is gone again when this returns; <see langword="null"/> where none can be written.</summary>
    internal static Assembly? LoadFromFile(CompressedAssembly assembly)
    {
        using PrivateDirectory? directory = PrivateDirectory.TryCreate();
        if (directory is null)
        {
            return null;
        }

        string path = Path.Combine(directory.Path, "assembly.dll");
        try
        {
            using FileStream file = File.Create(path);
            assembly.DecompressTo(file);
        }
        catch (IOException)
        {
            // No room left there; memory still has some.
            return null;
        }

        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    internal static Assembly LoadFromStream(CompressedAssembly assembly)
    {
        using var bytes = new MemoryStream(assembly.Size);
        assembly.DecompressTo(bytes);
        bytes.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(bytes);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemoryFileCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int DescriptorControl(SafeFileHandle descriptor, int command, int argument);
}
