using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>The aliases by which a project references assemblies.</summary>
internal static class ReferenceAliases
{
    private const string Global = "global";

    /// <summary>Why that is an error, and what to do.</summary>
    public static string Reason(string alias) =>
        $"is in an assembly that is referenced as '{alias}' alone, and generated code names types by 'global': reference it with " +
        $"Aliases=\"global,{alias}\"";

    /// <summary>The alias that an assembly's types must be named by; <see langword="null"/> where <c>global</c> does.</summary>
    public static string? AliasOf(this Compilation compilation, IAssemblySymbol? assembly) =>
        assembly is not null
        && compilation.GetMetadataReference(assembly)?.Properties.Aliases is { IsDefaultOrEmpty: false } aliases
        && !aliases.Contains(Global)
            ? aliases[0]
            : null;
}
