using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Mitogen.CodeFixes;

/// <summary>Lets a contract inherit <c>IAsyncDisposable</c> in the place of <c>IDisposable</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AsyncDisposableFix() : FixProvider<InterfaceDeclarationSyntax>("MITO015", "Inherit IAsyncDisposable")
{
    private protected override bool CanFix(InterfaceDeclarationSyntax node) => Find(node) is not null;

    private protected override SyntaxNode Fix(InterfaceDeclarationSyntax node, DocumentEditor editor)
    {
        BaseTypeSyntax old = Find(node)!;
        return node.ReplaceNode(old.Type, TypeSyntaxes.Named("System.IAsyncDisposable").WithTriviaFrom(old.Type));
    }

    // Another base interface may be what inherits it, perhaps of another assembly.
    private static BaseTypeSyntax? Find(InterfaceDeclarationSyntax node) =>
        node.BaseList?.Types.FirstOrDefault(static t => t.Type is
            IdentifierNameSyntax { Identifier.ValueText: "IDisposable" }
            or QualifiedNameSyntax { Right.Identifier.ValueText: "IDisposable" });
}
