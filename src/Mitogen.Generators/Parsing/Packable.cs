using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>What a <c>[MemoryPackable]</c> attribute says.</summary>
/// <param name="GenerateType">Its <c>GenerateType</c>.</param>
/// <param name="IsUnion">Whether derived types are told apart.</param>
internal sealed record Packable(PackableKind GenerateType, bool IsUnion)
{
    private const string Namespace = "MemoryPack";

    public bool IsObject => GenerateType == PackableKind.Object && !IsUnion;

    public static Packable? Find(INamedTypeSymbol type)
    {
        AttributeData? attribute = Attribute(type, "MemoryPackableAttribute");
        if (attribute is null)
        {
            return null;
        }

        PackableKind kind = attribute.ConstructorArguments
            .Where(static argument => argument.Type?.Name == "GenerateType" && argument.Value is int)
            .Select(static argument => (PackableKind)argument.Value!)
            .FirstOrDefault();
        return new Packable(kind, Attribute(type, "MemoryPackUnionAttribute") is not null || type.IsAbstract);
    }

    public static bool Has(ISymbol symbol, string attribute) => Attribute(symbol, attribute) is not null;

    /// <summary>An expression that yields the type's formatter.</summary>
    public string Formatter(string type) => this switch
    {
        { GenerateType: PackableKind.NoGenerate } => $"global::Mitogen.CompilerServices.PayloadFormatters.Provided<{type}>()",
        { IsUnion: true } or { GenerateType: PackableKind.Collection } =>
            $"global::Mitogen.CompilerServices.PayloadFormatters.Registered<{type}>()",
        _ => $"new global::MemoryPack.Formatters.MemoryPackableFormatter<{type}>()",
    };

    private static AttributeData? Attribute(ISymbol symbol, string name) => symbol
        .GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass is { } type
            && type.Name == name
            && type.ContainingNamespace is { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true });
}

/// <summary>The library's <c>GenerateType</c>.</summary>
internal enum PackableKind
{
    Object,
    VersionTolerant,
    CircularReference,
    Collection,
    NoGenerate,
}
