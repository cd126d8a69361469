using System.Reflection;

namespace Mitogen.Import;

/// <summary>The name that assemblies are asked for by: the simple name, for a satellite with its culture. Never a path.</summary>
internal static class AssemblyKey
{
    internal static string Of(AssemblyName name) => Of(name.Name ?? "", name.CultureName);

    internal static string Of(string simpleName, string? culture) =>
        string.IsNullOrEmpty(culture) ? simpleName : $"{simpleName}, Culture={culture}";
}
