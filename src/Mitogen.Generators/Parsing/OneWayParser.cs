using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mitogen.Generators.Diagnostics;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds a <c>[OneWay]</c> that no contract can see. Those of contracts are read with the contract.</summary>
internal static class OneWayParser
{
    /// <summary>Whether what has an attribute is not declared in an interface.</summary>
    public static bool IsMisplaced(SyntaxNode node) => node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not InterfaceDeclarationSyntax;

    public static DiagnosticInfo? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) =>
        new CompilerErrors(context.SemanticModel.Compilation).AreIn(context.TargetSymbol)
            ? null
            : DiagnosticInfo.Create(
                Descriptors.OneWayOutsideContract, LocationInfo.Of(context.TargetSymbol), ContractReport.Describe(context.TargetSymbol));
}
