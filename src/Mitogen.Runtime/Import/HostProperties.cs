namespace Mitogen.Import;

/// <summary>
/// The parts of what the host of .NET tells the process that it starts: see "Runtime properties" in the documents of dotnet/runtime's host. Native
/// code has no host.
/// </summary>
internal static class HostProperties
{
    /// <summary>The name of the property with the files of all assemblies.</summary>
    public const string TrustedAssembliesName = "TRUSTED_PLATFORM_ASSEMBLIES";

    /// <summary>The files of all assemblies that the process may load by name; <see langword="null"/> in native code, empty in a single file.</summary>
    public static string? TrustedAssemblies => AppContext.GetData(TrustedAssembliesName) as string;

    /// <summary>The first deps.json: the program's, or that of the framework if the program has none.</summary>
    public static string? Deps => (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0];
}
