using System.Formats.Tar;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Win32.SafeHandles;
using Mitogen.Import;

namespace Mitogen.Executables;

/// <summary>The agent, the runtime library and that library's own dependencies: what every isolated context starts from.</summary>
/// <remarks>
/// An application has it in <c>mitogen/</c>. A context that was started from such a directory alone keeps the files open after
/// their names are gone, so that it can start children in the same way.
/// </remarks>
internal sealed class StagedSet
{
    internal const string FolderName = "mitogen";
    internal const string AgentName = "Mitogen.Agent";
    private const string Library = ".dll";
    private const string Settings = AgentName + ".runtimeconfig.json";

    private readonly Lazy<IReadOnlyList<StagedFile>> _files;
    private readonly IReadOnlyList<string> _names;
    private readonly Lazy<Packed> _archive;
    private readonly Lazy<Packed> _compressed;

    private StagedSet(string? folder, IReadOnlyList<string> names, Func<IReadOnlyList<StagedFile>> files)
    {
        AgentPath = folder is null ? null : Path.Combine(folder, AgentName + Library);
        _names = names;
        _files = new(files);
        _archive = new(MakeArchive);
        _compressed = new(() => Packed.Compress(MakeArchive().Bytes.Span));
    }

    /// <summary>The agent's file in the application's folder; <see langword="null"/> in a context whose directory is gone.</summary>
    internal string? AgentPath { get; }

    /// <summary>The simple names of the assemblies.</summary>
    internal IEnumerable<string> Assemblies =>
        _names.Where(name => name.EndsWith(Library, StringComparison.Ordinal)).Select(name => name[..^Library.Length]);

    /// <summary>The set in a folder, or <see langword="null"/> if there is no agent in it.</summary>
    internal static StagedSet? Find(string folder)
    {
        if (!File.Exists(Path.Combine(folder, AgentName + Library)))
        {
            return null;
        }

        string[] paths = Directory.GetFiles(folder);
        return new StagedSet(folder, [.. paths.Select(path => Path.GetFileName(path))], () =>
        {
            var locator = new AssemblyLocator();
            return
            [
                .. paths.Select(path => Path.GetFileName(path) == Settings
                    ? new StagedFile(Settings, path, null, ProgramSettings.Merge(path))
                    : new StagedFile(Path.GetFileName(path), OwnCopy(path, locator) ?? path, null)),
            ];
        });
    }

    /// <summary>
    /// In an isolated context, before anything else runs: loads all of its assemblies, keeps the files open and deletes their directory.
    /// </summary>
    internal static StagedSet TakeOver(string directory)
    {
        var files = new List<StagedFile>();
        foreach (string path in Directory.GetFiles(directory))
        {
            string name = Path.GetFileName(path);
            files.Add(new StagedFile(name, path, File.OpenHandle(path)));
            if (name.EndsWith(Library, StringComparison.Ordinal))
            {
                _ = Assembly.Load(name[..^Library.Length]);
            }
        }

        PrivateDirectory.Delete(directory);
        return new StagedSet(null, [.. files.Select(file => file.Name)], () => files);
    }

    /// <summary>A new directory with a copy of the set, or <see langword="null"/> if there is no place for one.</summary>
    internal PrivateDirectory? Stage()
    {
        foreach (string place in PrivateDirectory.Places)
        {
            PrivateDirectory? directory = PrivateDirectory.TryCreate(place);
            try
            {
                if (directory is not null)
                {
                    foreach (StagedFile file in _files.Value)
                    {
                        file.CopyTo(Path.Combine(directory.Path, file.Name));
                    }

                    return directory;
                }
            }
            catch (IOException) when (directory is not null)
            {
                // Full, most likely (a container's /dev/shm has 64 MB): the next place may have room.
                directory.Dispose();
            }
        }

        return null;
    }

    /// <summary>
    /// The file that this process would load in a staged one's place, if it is another build: the program may use a newer version of a
    /// dependency than the library was staged with, and a context can have only one.
    /// </summary>
    private static string? OwnCopy(string path, AssemblyLocator locator)
    {
        if (!path.EndsWith(Library, StringComparison.Ordinal))
        {
            return null;
        }

        string? own = locator.Find(Path.GetFileNameWithoutExtension(path), AppContext.BaseDirectory);
        return own is not null && BuildOf(own) != BuildOf(path) ? own : null;
    }

    private static Guid BuildOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var image = new PEReader(file);
        MetadataReader metadata = image.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    /// <summary>The set as a tar archive, made when it is first wanted, for all the contexts that are sent it.</summary>
    internal Packed Pack(bool isCompressed) => isCompressed ? _compressed.Value : _archive.Value;

    private Packed MakeArchive()
    {
        using MemoryStream archive = new();
        using (TarWriter writer = new(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (StagedFile file in _files.Value)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file.Name)
                {
                    DataStream = new MemoryStream(file.Read(), writable: false),
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }
        }

        return new Packed(archive.GetBuffer().AsMemory(0, (int)archive.Length), archive.Length, IsCompressed: false);
    }

    private sealed record StagedFile(string Name, string Path, SafeFileHandle? Kept, byte[]? Bytes = null)
    {
        internal void CopyTo(string destination)
        {
            if (Kept is null && Bytes is null)
            {
                File.Copy(Path, destination);
            }
            else
            {
                File.WriteAllBytes(destination, Read());
            }
        }

        internal byte[] Read()
        {
            if (Kept is null)
            {
                return Bytes ?? File.ReadAllBytes(Path);
            }

            byte[] bytes = new byte[RandomAccess.GetLength(Kept)];
            int offset = 0;
            while (offset < bytes.Length && RandomAccess.Read(Kept, bytes.AsSpan(offset), offset) is > 0 and int count)
            {
                offset += count;
            }

            return bytes;
        }
    }
}
