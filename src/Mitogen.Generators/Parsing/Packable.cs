using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>The content of a <c>[MemoryPackable]</c> attribute.</summary>
/// <param name="GenerateType">Its <c>GenerateType</c>.</param>
/// <param name="IsUnion">Whether derived types are told apart.</param>
internal sealed record Packable(PackableKind GenerateType, bool IsUnion)
{
    public const string IncludeAttribute = "MemoryPackIncludeAttribute";
    public const string OrderAttribute = "MemoryPackOrderAttribute";

    private const string Namespace = "MemoryPack";

    private static readonly string[] s_callbacks = ["MemoryPackOnDeserializingAttribute", "MemoryPackOnDeserializedAttribute"];

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

    /// <summary>The types of a union, with their tags.</summary>
    public static IEnumerable<(ushort Tag, INamedTypeSymbol Type)> UnionOf(INamedTypeSymbol type) =>
        from attribute in type.GetAttributes()
        where attribute.AttributeClass is { Name: "MemoryPackUnionAttribute" } found && IsOfLibrary(found)
        let arguments = attribute.ConstructorArguments
        where arguments.Length == 2 && arguments[0].Value is ushort && arguments[1].Value is INamedTypeSymbol
        select ((ushort)arguments[0].Value!, Close((INamedTypeSymbol)arguments[1].Value!, type));

    // The attribute names the definition of a generic type, and means the one with the union's own arguments.
    private static INamedTypeSymbol Close(INamedTypeSymbol part, INamedTypeSymbol union) =>
        part.IsUnboundGenericType ? part.OriginalDefinition.Construct([.. union.TypeArguments]) : part;

    public static bool IsOfLibrary(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>Whether a method of the type, called before or after its members are read, gets the reader and may read more.</summary>
    public static bool HasReaderCallback(INamedTypeSymbol type) =>
        ForeignMembers.HasMethod(type, s_callbacks, parameters: 2)
        || type.GetMembers().OfType<IMethodSymbol>().Any(static method =>
            method.Parameters.Length == 2 && s_callbacks.Any(callback => Has(method, callback)));

    /// <summary>The type or one around it, if it is declared in source and is not partial.</summary>
    public static INamedTypeSymbol? PartThatIsWhole(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.DeclaringSyntaxReferences.Any(static reference =>
                reference.GetSyntax() is TypeDeclarationSyntax declaration && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword)))
            {
                return at;
            }
        }

        return null;
    }

    public static bool Has(ISymbol symbol, string attribute) => Attribute(symbol, attribute) is not null;

    /// <summary>The library's formatter of the type.</summary>
    public LibraryFormatter Formatter => this switch
    {
        { GenerateType: PackableKind.NoGenerate } => new ProvidedFormatter(),
        { IsUnion: true } or { GenerateType: PackableKind.Collection } => new RegisteredFormatter(),
        _ => new PackableFormatter(),
    };

    public static AttributeData? Attribute(ISymbol symbol, string name) => symbol
        .GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass is { } type && type.Name == name && IsOfLibrary(type));
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
