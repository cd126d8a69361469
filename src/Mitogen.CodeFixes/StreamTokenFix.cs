using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Mitogen.CodeFixes;

/// <summary>Gives a contract's method that returns a stream of items an optional token, so that its callers compile as they are.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class StreamTokenFix() : FixProvider<MethodDeclarationSyntax>("MITO043", "Add a CancellationToken")
{
    // Behind 'params' there is no place, and one of that name is there for something else.
    private protected override bool CanFix(MethodDeclarationSyntax node) =>
        !node.ParameterList.Parameters.Any(static p =>
            p.Modifiers.Any(SyntaxKind.ParamsKeyword) || p.Identifier.ValueText == "cancellationToken");

    private protected override SyntaxNode Fix(MethodDeclarationSyntax node, DocumentEditor editor) => node.AddParameterListParameters(
        (ParameterSyntax)editor.Generator.ParameterDeclaration(
            "cancellationToken",
            TypeSyntaxes.Named("System.Threading.CancellationToken"),
            SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression)));
}
