using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Mitogen.CodeFixes;

/// <summary>Takes the setter of a contract's property away.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class GetterOnlyFix() : FixProvider<PropertyDeclarationSyntax>("MITO003", "Remove the setter")
{
    private protected override bool CanFix(PropertyDeclarationSyntax node) =>
        node.AccessorList is { } accessors && accessors.Accessors.Any(SyntaxKind.GetAccessorDeclaration);

    private protected override SyntaxNode Fix(PropertyDeclarationSyntax node, DocumentEditor editor) => node.RemoveNode(
        node.AccessorList!.Accessors.Single(static a => !a.IsKind(SyntaxKind.GetAccessorDeclaration)), SyntaxRemoveOptions.KeepNoTrivia)!;
}
