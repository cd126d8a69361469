using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mitogen.Generators.Parsing;

/// <summary>How metadata and generated source name a symbol.</summary>
internal static class SymbolNames
{
    private static readonly SymbolDisplayFormat s_sourceFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    // Words where a name may stand that nothing is in: of a parameter, a member or a type parameter.
    private static readonly HashSet<string> s_words =
    [
        "_", "allows", "async", "await", "dynamic", "extension", "field", "file", "global", "managed", "nameof", "nint", "notnull", "nuint", "partial",
        "record", "required", "scoped", "unmanaged", "var", "when", "where", "with", "yield",
    ];

    private static readonly SymbolDisplayFormat s_namespaceFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>The full name that source uses, from <c>global::</c> on and with nullable annotations.</summary>
    public static string SourceName(this ITypeSymbol type) => type.InSource(s_sourceFormat);

    /// <summary>As <see cref="SourceName"/>, for use in <c>typeof</c>.</summary>
    public static string TypeOfName(this ITypeSymbol type) =>
        (type.IsReferenceType ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type).SourceName();

    /// <summary>The full metadata name, with the arity of generic types and <c>+</c> before nested ones.</summary>
    public static string FullMetadataName(this INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
        {
            return $"{outer.FullMetadataName()}+{type.MetadataName}";
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space
            ? $"{space.ToDisplayString(s_namespaceFormat)}.{type.MetadataName}"
            : type.MetadataName;
    }

    /// <summary>The name of a type as source. Its type parameters, which alone stand there without what they are in, are escaped as <see cref="Escape"/> does it.</summary>
    public static string InSource(this ITypeSymbol type, SymbolDisplayFormat format)
    {
        ImmutableArray<SymbolDisplayPart> parts = type.ToDisplayParts(format);
        return parts.Any(static p => p.Kind == SymbolDisplayPartKind.TypeParameterName && s_words.Contains(p.ToString()))
            ? string.Concat(parts.Select(static p => p.Kind == SymbolDisplayPartKind.TypeParameterName ? Escape(p.ToString()) : p.ToString()))
            : type.ToDisplayString(format);
    }

    /// <summary>A name that source can use anywhere: the language's words, also those that are words in some places only, get an <c>@</c>.</summary>
    public static string Escape(string identifier) =>
        SyntaxFacts.GetKeywordKind(identifier) == SyntaxKind.None && !s_words.Contains(identifier) ? identifier : "@" + identifier;
}
