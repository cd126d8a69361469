namespace Mitogen.Generators.Model;

/// <summary>One <c>[Remote]</c> interface.</summary>
/// <param name="Name">How source names it, with <c>global::</c>.</param>
/// <param name="MetadataName">Its full metadata name, from which its id comes.</param>
/// <param name="Class">The generated class.</param>
/// <param name="Id">See <see cref="Parsing.Identity"/>.</param>
/// <param name="IsPublic">Whether other assemblies see it.</param>
/// <param name="Methods">The methods, own ones first, then inherited ones.</param>
internal sealed record ContractModel(
    string Name, string MetadataName, GeneratedClass Class, ulong Id, bool IsPublic, EquatableArray<MethodModel> Methods)
{
    /// <summary>The contracts of this compilation whose generated classes its own code names.</summary>
    public IEnumerable<string> Uses => Methods
        .SelectMany(static m => m.Data.SelectMany(static p => p.References?.Contracts ?? default)
            .Concat(m.Promised is { IsLocal: true } promised ? [promised.MetadataName] : []));
}

/// <summary>A class to emit.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name, unique in the namespace.</param>
/// <param name="HintName">Its file, unique without regard to case.</param>
internal sealed record GeneratedClass(string Namespace, string Name, string HintName)
{
    /// <summary>How source names it.</summary>
    public string FullName => $"global::{Namespace}.{Name}";

    /// <summary>How metadata names it: without the mark of a keyword in the namespace.</summary>
    public string MetadataName => $"{Namespace.Replace("@", "")}.{Name}";
}
