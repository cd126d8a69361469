using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds where a type's declaration names what it inherits.</summary>
internal static class BaseTypes
{
    /// <summary>The base that is the interface, or else one that inherits it; <see langword="null"/> where source names none.</summary>
    public static Location? LocationOf(INamedTypeSymbol type, INamedTypeSymbol inherited, Compilation compilation)
    {
        (TypeSyntax Syntax, ITypeSymbol? Type)[] bases =
        [
            .. type.DeclaringSyntaxReferences
                .Select(static reference => reference.GetSyntax())
                .OfType<TypeDeclarationSyntax>()
                .SelectMany(static declaration => declaration.BaseList?.Types ?? default)
                .Select(named => (named.Type, compilation.GetSemanticModel(named.SyntaxTree).GetTypeInfo(named.Type).Type)),
        ];
        return (bases.FirstOrDefault(at => IsSame(at.Type)).Syntax ?? bases.FirstOrDefault(at => at.Type?.AllInterfaces.Any(IsSame) == true).Syntax)?
            .GetLocation();

        bool IsSame(ITypeSymbol? found) => SymbolEqualityComparer.Default.Equals(found, inherited);
    }
}
