using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Whether the values of a type have an order of their own, which the copy of a sorted collection needs.</summary>
internal static class Comparability
{
    private static readonly HashSet<string> s_sorted = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.SortedSet`1", "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2",
        "System.Collections.Immutable.ImmutableSortedSet`1", "System.Collections.Immutable.ImmutableSortedDictionary`2",
    };

    /// <summary>Why a copy of the collection could not be made.</summary>
    public static string? WhyUnsorted(INamedTypeSymbol collection)
    {
        string name = collection.FullMetadataName();
        ITypeSymbol? sorted = s_sorted.Contains(name) ? collection.TypeArguments[0]
            : name == "System.Collections.Generic.PriorityQueue`2" ? collection.TypeArguments[1]
            : null;
        return sorted is not null && FindIncomparable(sorted) is { } type
            ? $"is sorted, and '{TypeNames.People(type)}' has no order of its own: let it implement IComparable<{TypeNames.People(type)}>, or send a list"
            : null;
    }

    // A tuple compares its elements, and fails when it is first asked if those have no order.
    private static ITypeSymbol? FindIncomparable(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
        {
            return type;
        }

        if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return FindIncomparable(named.TypeArguments[0]);
        }

        string name = named.FullMetadataName();
        return name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || name.StartsWith("System.Tuple`", StringComparison.Ordinal)
            ? named.TypeArguments.Select(FindIncomparable).FirstOrDefault(static found => found is not null)
            : named.TypeKind == TypeKind.Enum || named.AllInterfaces.Prepend(named).Any(at => IsOrder(at, named)) ? null : type;
    }

    private static bool IsOrder(INamedTypeSymbol at, INamedTypeSymbol type) =>
        at.Is("System.IComparable") || (at.Is("System.IComparable`1") && IsOrIsBaseOf(at.TypeArguments[0], type));

    private static bool IsOrIsBaseOf(ITypeSymbol candidate, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, candidate))
            {
                return true;
            }
        }

        return type.AllInterfaces.Contains(candidate, SymbolEqualityComparer.Default);
    }
}
