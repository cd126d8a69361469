using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using Mitogen.Processes;

namespace Mitogen.Import;

/// <summary>Loads an assembly from its bytes and keeps its ReadyToRun code, which a load from a stream would lose.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Imported on CoreCLR only; native programs bring all their code.")]
internal static class AssemblyImage
{
    internal static Assembly Load(string name, byte[] file) =>
        LoadFromMemoryFile(name, file) ?? LoadFromDirectory(file) ?? LoadFromStream(file);

    /// <summary>Through a memory file's path; <see langword="null"/> where there are no memory files or no <c>/proc</c>.</summary>
    internal static Assembly? LoadFromMemoryFile(string name, byte[] file)
    {
        try
        {
            using MemoryFile memory = MemoryFile.Create(name, file);
            return File.Exists(memory.Path) ? AssemblyLoadContext.Default.LoadFromAssemblyPath(memory.Path) : null;
        }
        catch (IOException e) when (e is not FileLoadException)
        {
            // A sandbox forbids it, or the descriptors have run out: a file in a directory may still do.
            return null;
        }
    }

    /// <summary>Through a file that is gone again when this returns; <see langword="null"/> where none can be written.</summary>
    internal static Assembly? LoadFromDirectory(byte[] file)
    {
        using PrivateDirectory? directory = PrivateDirectory.TryCreate();
        if (directory is null)
        {
            return null;
        }

        string path = Path.Combine(directory.Path, "assembly.dll");
        try
        {
            File.WriteAllBytes(path, file);
        }
        catch (IOException)
        {
            // No room there; the bytes are in memory already.
            return null;
        }

        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    internal static Assembly LoadFromStream(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        return AssemblyLoadContext.Default.LoadFromStream(stream);
    }
}
