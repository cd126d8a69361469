using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

internal sealed partial class PayloadWalk
{
    /// <summary>Why generated code cannot use a type that is visible to it.</summary>
    private string? WhyUnusable(INamedTypeSymbol type)
    {
        if (type.IsForbidden())
        {
            return "is obsolete as an error, so that generated code cannot use it either: let it be a warning, or send another type";
        }

        if (type.WhyHidden() is { } hidden)
        {
            return $"is not visible to generated code, because {hidden}: make it internal or public";
        }

        if (compilation.AliasOf(type.ContainingAssembly) is { } alias)
        {
            return ReferenceAliases.Reason(alias);
        }

        return Packable.Find(type) is { GenerateType: not PackableKind.NoGenerate } && PartThatIsWhole(type) is { } whole
            ? $"is marked [MemoryPackable], and '{whole.Name}' is not partial, so that the library cannot add to it: make it partial, or " +
                "take the mark away to send it as a plain type"
            : null;
    }

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
}
