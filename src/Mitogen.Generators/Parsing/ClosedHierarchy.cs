using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>The types that an abstract class may stand for, if only its own assembly can derive from it.</summary>
internal static class ClosedHierarchy
{
    /// <summary>Whether no other assembly can derive from the type.</summary>
    /// <remarks>
    /// A record's copy constructor is always protected. Who derives by it all the same gains nothing: a value of a type that is not
    /// known throws when it is written.
    /// </remarks>
    public static bool IsClosed(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: true }
        && type.InstanceConstructors.All(constructor => IsCopy(constructor)
            || constructor.DeclaredAccessibility is Accessibility.Private or Accessibility.ProtectedAndInternal or Accessibility.Internal);

    /// <summary>The derived types of which there can be values, by the ordinal order of their full names.</summary>
    /// <remarks>Among them are generic types whose arguments the type does not determine.</remarks>
    public static IReadOnlyList<INamedTypeSymbol> CasesOf(INamedTypeSymbol type) =>
    [
        .. Nested(type)
            .Concat(All(type.ContainingAssembly.GlobalNamespace).Select(candidate => Close(candidate, type)))
            .Where(candidate => !candidate.IsAbstract && Bases(candidate).Any(at => Matches(at, type)))
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
            .OrderBy(static candidate => candidate.FullMetadataName(), StringComparer.Ordinal),
    ];

    /// <summary>Whether the type, or one around it, has type parameters that stand for no type.</summary>
    public static bool IsUndetermined(INamedTypeSymbol type) =>
        type.TypeArguments.Any(static argument => argument.TypeKind == TypeKind.TypeParameter)
        || (type.ContainingType is { } outer && IsUndetermined(outer));

    private static bool IsCopy(IMethodSymbol constructor) =>
        constructor is { ContainingType.IsRecord: true, Parameters.Length: 1 }
        && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, constructor.ContainingType);

    /// <summary>The types in a type; if it is generic, with its type arguments.</summary>
    private static IEnumerable<INamedTypeSymbol> Nested(INamedTypeSymbol type) =>
        type.GetTypeMembers().SelectMany(static nested => Nested(nested).Prepend(nested));

    private static IEnumerable<INamedTypeSymbol> All(INamespaceSymbol space) => space
        .GetNamespaceMembers().SelectMany(All)
        .Concat(space.GetTypeMembers().SelectMany(static type => Nested(type).Prepend(type)));

    /// <summary>A generic type that hands its type parameters on to its base, with the arguments of that base.</summary>
    private static INamedTypeSymbol Close(INamedTypeSymbol candidate, INamedTypeSymbol type)
    {
        INamedTypeSymbol? handedOn = Bases(candidate).FirstOrDefault(at =>
            SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, type.OriginalDefinition));
        return candidate.Arity > 0 && handedOn is not null
            && handedOn.TypeArguments.SequenceEqual<ITypeSymbol>(candidate.TypeParameters, SymbolEqualityComparer.Default)
            ? candidate.Construct([.. type.TypeArguments])
            : candidate;
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type.BaseType; at is not null; at = at.BaseType)
        {
            yield return at;
        }
    }

    // A base with type parameters in it may become any type of that definition.
    private static bool Matches(INamedTypeSymbol found, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(found, type)
        || (SymbolEqualityComparer.Default.Equals(found.OriginalDefinition, type.OriginalDefinition)
            && found.TypeArguments.Any(static argument => argument.TypeKind == TypeKind.TypeParameter)
            && !SymbolEqualityComparer.Default.Equals(found, found.OriginalDefinition));
}
