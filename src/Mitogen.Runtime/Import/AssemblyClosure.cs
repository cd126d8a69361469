using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Mitogen.Import;

/// <summary>
/// The assemblies that a program needs on a target which has the .NET runtime and the staged set: what its roots reference,
/// directly or not, and their satellites. It is all that a parent ever hands out.
/// </summary>
internal sealed class AssemblyClosure
{
    /// <summary>The key of <see cref="AssemblyMetadataAttribute"/> on a library that few contexts of a program use, and that is large.</summary>
    internal const string OnDemandMark = "Mitogen.ImportOnDemand";

    private static readonly byte[] s_mark = Encoding.UTF8.GetBytes(OnDemandMark);

    private AssemblyClosure(IReadOnlyList<string> ahead, Dictionary<string, string> assemblies, Dictionary<string, string> satellites)
    {
        Assemblies = ahead;
        Files = assemblies.Concat(satellites).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The assemblies that are sent ahead: the keys of the assemblies without the satellites, without those with the
    /// <see cref="OnDemandMark"/> that are no roots, without those of other frameworks than the main one, and without what only these reference.
    /// </summary>
    internal IReadOnlyList<string> Assemblies { get; }

    /// <summary>The file of each key, satellites included.</summary>
    internal FrozenDictionary<string, string> Files { get; }

    /// <param name="roots">The executables' assemblies.</param>
    /// <param name="staged">
    /// The simple names in the staged set: walked through, because the program's own newer copy may reference more, but not contained.
    /// </param>
    /// <exception cref="InvalidOperationException">An assembly of the closure has no file.</exception>
    internal static AssemblyClosure Compute(IEnumerable<Assembly> roots, IEnumerable<string> staged)
    {
        var locator = new AssemblyLocator();
        var visited = new HashSet<string>(staged, StringComparer.OrdinalIgnoreCase);
        var assemblies = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var pending = new Queue<string>(
            visited.Where(name => !FrameworkAssemblies.Contains(name)).Select(name => locator.Find(name, AppContext.BaseDirectory)).OfType<string>());
        var onDemand = new Queue<string>();
        var rootFiles = new HashSet<string>(StringComparer.Ordinal);

        foreach (Assembly root in roots)
        {
            string name = root.GetName().Name!;
            if (!FrameworkAssemblies.Contains(name) && visited.Add(name))
            {
                string path = AssemblyLocator.PathOf(root);
                assemblies.Add(name, path);
                _ = rootFiles.Add(path);
                pending.Enqueue(path);
            }
        }

        Walk(pending, onDemand);
        string[] ahead =
        [
            .. from assembly in assemblies
               where rootFiles.Contains(assembly.Value) || !onDemand.Contains(assembly.Value)
               select assembly.Key,
        ];
        Walk(onDemand, null);
        return new AssemblyClosure(ahead, assemblies, SatellitesOf(assemblies));

        void Walk(Queue<string> files, Queue<string>? later)
        {
            while (files.TryDequeue(out string? path))
            {
                using FileStream file = File.OpenRead(path);
                using var image = new PEReader(file);
                MetadataReader metadata = image.GetMetadataReader();
                if (later is not null && IsOnDemand(metadata))
                {
                    later.Enqueue(path);
                    continue;
                }

                string folder = Path.GetDirectoryName(path)!;
                foreach (string name in ReferencesOf(metadata))
                {
                    if (visited.Add(name) && !FrameworkAssemblies.Contains(name) && locator.Find(name, folder) is { } found)
                    {
                        assemblies.Add(name, found);
                        (later is not null && locator.IsOfOtherFramework(name) ? later : files).Enqueue(found);
                    }
                }
            }
        }
    }

    private static List<string> ReferencesOf(MetadataReader metadata) =>
        [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];

    /// <summary>Looks at the values of all attributes: the mark is no text that another one would have.</summary>
    private static bool IsOnDemand(MetadataReader metadata) =>
        metadata.GetAssemblyDefinition().GetCustomAttributes().Any(handle =>
            metadata.GetBlobBytes(metadata.GetCustomAttribute(handle).Value).AsSpan().IndexOf(s_mark) >= 0);

    private static Dictionary<string, string> SatellitesOf(Dictionary<string, string> assemblies)
    {
        const string Suffix = ".resources";
        var satellites = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string folder in assemblies.Values.Select(path => Path.GetDirectoryName(path)!).Distinct(StringComparer.Ordinal))
        {
            IEnumerable<string> files = Directory.EnumerateDirectories(folder)
                .SelectMany(culture => Directory.EnumerateFiles(culture, $"*{Suffix}.dll"));
            foreach (string path in files)
            {
                string name = Path.GetFileNameWithoutExtension(path);
                string owner = name[..^Suffix.Length];
                if (assemblies.TryGetValue(owner, out string? ownerPath) && Path.GetDirectoryName(ownerPath) == folder)
                {
                    satellites[AssemblyKey.Of(name, Path.GetFileName(Path.GetDirectoryName(path)))] = path;
                }
            }
        }

        return satellites;
    }
}
