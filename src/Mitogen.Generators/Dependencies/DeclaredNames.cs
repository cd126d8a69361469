using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Dependencies;

/// <summary>Names of declarations, from syntax alone.</summary>
internal static class DeclaredNames
{
    public static string MetadataNameOf(TypeDeclarationSyntax type)
    {
        string name = type.Arity == 0 ? type.Identifier.ValueText : $"{type.Identifier.ValueText}`{type.Arity}";
        foreach (SyntaxNode at in type.Ancestors())
        {
            name = at switch
            {
                TypeDeclarationSyntax outer => $"{(outer.Arity == 0 ? outer.Identifier.ValueText : $"{outer.Identifier.ValueText}`{outer.Arity}")}+{name}",
                BaseNamespaceDeclarationSyntax space => $"{Plain(space.Name)}.{name}",
                _ => name,
            };
        }

        return name;
    }

    /// <summary>The last part of a name that source gives an attribute.</summary>
    public static string SimpleNameOf(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    private static string Plain(NameSyntax name) => string.Join(
        ".", name.DescendantTokens().Where(static t => t.IsKind(SyntaxKind.IdentifierToken)).Select(static t => t.ValueText));
}
