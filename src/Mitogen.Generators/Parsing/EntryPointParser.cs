using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds the call of <c>MitogenApp.RunAsync</c> that every run of a program comes to.</summary>
/// <remarks>
/// A program that has one can be started as a context. One that calls it in a branch, a loop, a lambda or another method cannot: it
/// is not certain that it comes there.
/// </remarks>
internal static class EntryPointParser
{
    private const string Method = "RunAsync";

    /// <summary>Whether a node looks like the call. It is asked of every node, so it looks at syntax alone.</summary>
    public static bool IsCandidate(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: var called }
        && called is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Method } or IdentifierNameSyntax { Identifier.ValueText: Method };

    /// <summary>Whether a candidate is the call, and in the place where every run comes to it.</summary>
    public static bool IsCall(GeneratorSyntaxContext context, CancellationToken cancellationToken) =>
        BodyOf(context.Node) is { } body
        && body is CompilationUnitSyntax or MethodDeclarationSyntax { Identifier.ValueText: "Main" } // spares binding all other calls of the name
        && context.SemanticModel.GetSymbolInfo(context.Node, cancellationToken).Symbol is IMethodSymbol method
        && IsRun(method)
        && IsEntryPoint(body, context.SemanticModel, cancellationToken);

    /// <summary>Whether a method is one of those that run a program.</summary>
    public static bool IsRun(IMethodSymbol method) => method.Name == Method && method.ContainingType.Is(KnownNames.MitogenApp);

    /// <returns>The file or method in which every run comes to the node; <see langword="null"/> if there is something in between.</returns>
    private static SyntaxNode? BodyOf(SyntaxNode node)
    {
        for (SyntaxNode? at = node.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case MethodDeclarationSyntax or CompilationUnitSyntax:
                    return at;
                case GlobalStatementSyntax or BlockSyntax or TryStatementSyntax or UsingStatementSyntax:
                case ReturnStatementSyntax or ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ArrowExpressionClauseSyntax:
                case VariableDeclarationSyntax or VariableDeclaratorSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax:
                case AwaitExpressionSyntax or ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax:
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }

    private static bool IsEntryPoint(SyntaxNode body, SemanticModel model, CancellationToken cancellationToken) =>
        model.Compilation.GetEntryPoint(cancellationToken) is { } entryPoint
        && SymbolEqualityComparer.Default.Equals(
            entryPoint,
            model.GetDeclaredSymbol(body, cancellationToken));
}
