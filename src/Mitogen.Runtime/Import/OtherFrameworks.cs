using System.Text.Json.Nodes;

namespace Mitogen.Import;

/// <summary>
/// The assemblies of the frameworks that a target may not have, ASP.NET Core's as a rule: they are large, and of use in few contexts of the program
/// that has them.
/// </summary>
internal static class OtherFrameworks
{
    private const string Main = "Microsoft.NETCore.App";
    private const string Deps = ".deps.json";
    private const string RuntimePack = "runtimepack.";

    /// <summary>Their simple names, in this process.</summary>
    /// <param name="trusted">The files that the host gave the process, by simple name.</param>
    /// <param name="deps">The program's deps.json, if it has one.</param>
    public static HashSet<string> Find(IReadOnlyDictionary<string, string> trusted, string? deps)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (IGrouping<string?, string> folder in trusted.GroupBy(file => Path.GetDirectoryName(file.Value), file => file.Key, StringComparer.Ordinal))
        {
            // shared/NAME/VERSION/NAME.deps.json
            string? framework = Path.GetFileName(Path.GetDirectoryName(folder.Key));
            if (framework is not (null or "" or Main) && File.Exists(Path.Combine(folder.Key!, framework + Deps)))
            {
                names.UnionWith(folder);
            }
        }

        // A self-contained program has all in its own folder, and names the packages that they are from.
        if (deps is not null && File.Exists(deps) && JsonNode.Parse(File.ReadAllText(deps))?["targets"] is JsonObject targets)
        {
            foreach ((string library, JsonNode? content) in targets.Select(target => target.Value).OfType<JsonObject>().SelectMany(target => target))
            {
                if (library.StartsWith(RuntimePack, StringComparison.Ordinal)
                    && !library.StartsWith(RuntimePack + Main, StringComparison.Ordinal)
                    && content?["runtime"] is JsonObject files)
                {
                    names.UnionWith(files.Select(file => Path.GetFileNameWithoutExtension(file.Key)));
                }
            }
        }

        return names;
    }
}
