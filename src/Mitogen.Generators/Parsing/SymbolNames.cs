using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mitogen.Generators.Parsing;

/// <summary>How metadata and generated source name a symbol.</summary>
internal static class SymbolNames
{
    private static readonly SymbolDisplayFormat s_sourceFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_namespaceFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>The full name that source uses, from <c>global::</c> on and with nullable annotations.</summary>
    public static string SourceName(this ITypeSymbol type) => type.ToDisplayString(s_sourceFormat);

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

    public static string Escape(string identifier) =>
        SyntaxFacts.GetKeywordKind(identifier) == SyntaxKind.None ? identifier : "@" + identifier;
}
