namespace Mitogen.Generators.Model;

/// <summary>The catalog of one executable.</summary>
/// <param name="Namespace">The namespace of the generated code.</param>
/// <param name="Registrations">The registration classes to call, as source names them.</param>
/// <param name="Aliases">The aliases in those names, other than <c>global</c>.</param>
/// <param name="RunsAsContext">Whether its entry point goes through <c>MitogenApp.RunAsync</c>.</param>
internal sealed record CatalogModel(
    string Namespace, EquatableArray<string> Registrations, EquatableArray<string> Aliases, bool RunsAsContext)
{
    /// <summary>The name of the generated class.</summary>
    public const string ClassName = "Catalog";
}

/// <summary>The registrations of an executable's referenced assemblies.</summary>
/// <param name="Namespace">The namespace of this compilation's generated code.</param>
/// <param name="IsExecutable">Whether this compilation makes an executable that knows what a catalog is.</param>
/// <param name="Assemblies">The assemblies that register something.</param>
internal sealed record ReferencesModel(string Namespace, bool IsExecutable, EquatableArray<RegisteringAssembly> Assemblies);

/// <summary>A referenced assembly that registers something.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="Registration">Its registration class, as source names it.</param>
/// <param name="Alias">The alias that this name begins with, where that is not <c>global</c>.</param>
/// <param name="Contracts">The full metadata names of its contracts.</param>
/// <param name="Services">Its services.</param>
internal sealed record RegisteringAssembly(
    string Name, string Registration, string? Alias, EquatableArray<string> Contracts, EquatableArray<RegisteredService> Services);

/// <summary>A service of a referenced assembly.</summary>
/// <param name="DisplayName">Its full name for people.</param>
/// <param name="Contracts">The full metadata names of the contracts that it implements.</param>
/// <param name="BaseContracts">Of those, the ones that others of them inherit.</param>
internal sealed record RegisteredService(string DisplayName, EquatableArray<string> Contracts, EquatableArray<string> BaseContracts);
