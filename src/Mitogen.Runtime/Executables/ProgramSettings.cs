using System.Reflection;
using System.Text.Json.Nodes;
using Mitogen.Import;

namespace Mitogen.Executables;

/// <summary>The program's settings of the runtime, which hold in all of its contexts: the <c>configProperties</c> of its runtimeconfig.json.</summary>
internal static class ProgramSettings
{
    private const string Suffix = ".runtimeconfig.json";
    private const string Options = "runtimeOptions";
    private const string Properties = "configProperties";

    // They name files that only the program's own folder has; and a web program's heap for each processor is nothing for a context beside others.
    private static readonly string[] s_programsOnly =
    [
        "System.GC.Server",
        "APP_PATHS", "APP_NATIVE_PATHS", "NATIVE_DLL_SEARCH_DIRECTORIES", "PLATFORM_RESOURCE_ROOTS", "PROBING_DIRECTORIES", "STARTUP_HOOKS",
        HostProperties.TrustedAssembliesName, "System.Globalization.AppLocalIcu",
    ];

    /// <summary>The program's deps.json and the runtimeconfig.json beside it; <see langword="null"/> if it has none of its own.</summary>
    public static (string Deps, string Config)? Files()
    {
        const string Deps = ".deps.json";
        string? deps = HostProperties.Deps;
        bool isFrameworks = deps == AppContext.GetData("FX_DEPS_FILE") as string; // Heads the list if the application has none.
        if (deps is null || isFrameworks || !deps.EndsWith(Deps, StringComparison.Ordinal) || !File.Exists(deps))
        {
            return null;
        }

        string config = deps[..^Deps.Length] + Suffix;
        return File.Exists(config) ? (deps, config) : null;
    }

    /// <summary>The agent's file of settings with the program's in it.</summary>
    /// <param name="agents">The agent's.</param>
    public static byte[] Merge(string agents) =>
        (Files()?.Config ?? OfEntry()) is { } config ? Merge(File.ReadAllText(agents), File.ReadAllText(config)) : File.ReadAllBytes(agents);

    /// <param name="agents">The agent's file of settings.</param>
    /// <param name="programs">The program's.</param>
    /// <returns>The agent's with the program's properties, which come before its own.</returns>
    internal static byte[] Merge(string agents, string programs)
    {
        JsonNode merged = JsonNode.Parse(agents)!;
        if (JsonNode.Parse(programs)?[Options]?[Properties] is JsonObject own)
        {
            JsonObject properties = merged[Options]!.AsObject();
            properties[Properties] ??= new JsonObject();
            foreach ((string name, JsonNode? value) in own)
            {
                if (!s_programsOnly.Contains(name))
                {
                    properties[Properties]![name] = value?.DeepClone();
                }
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(merged.ToJsonString());
    }

    private static string? OfEntry() =>
        Assembly.GetEntryAssembly()?.GetName().Name is { } name && Path.Combine(AppContext.BaseDirectory, name + Suffix) is var path && File.Exists(path)
            ? path
            : null;
}
