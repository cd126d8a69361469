namespace Mitogen.Import;

/// <summary>Which assemblies every .NET runtime has, and so every target.</summary>
internal static partial class FrameworkAssemblies
{
    private static readonly HashSet<string> s_names = new(Names.Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is one of them.</summary>
    /// <param name="simpleName">The assembly's simple name.</param>
    public static bool Contains(string simpleName) =>
        s_names.Contains(simpleName) || simpleName.StartsWith("System.Private.", StringComparison.OrdinalIgnoreCase);
}
