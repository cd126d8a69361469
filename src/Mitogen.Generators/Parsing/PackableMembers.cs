using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>A member of a <c>[MemoryPackable]</c> type that the library writes.</summary>
internal sealed record PackableMember(ISymbol Symbol, ITypeSymbol Type, int Order)
{
    public static PackableMember Of(ISymbol symbol, int index)
    {
        AttributeData? order = Packable.Attribute(symbol, Packable.OrderAttribute);
        ITypeSymbol type = symbol is IFieldSymbol field ? field.Type : ((IPropertySymbol)symbol).Type;
        return new PackableMember(symbol, type, order?.ConstructorArguments.FirstOrDefault().Value as int? ?? index);
    }
}

/// <summary>The members of a <c>[MemoryPackable]</c> type, by the rules of the library's own generator.</summary>
/// <remarks>
/// They are <c>TypeMeta</c> and <c>GetAllMembers</c> in <c>MemoryPack.Generator</c>: the base's members first, an override where the base
/// has it, of those of one name the last; public ones, and those with <c>[MemoryPackInclude]</c>; without those that can only be set.
/// </remarks>
internal static class PackableMembers
{
    /// <summary>The members in the order of the bytes.</summary>
    /// <param name="type">The type.</param>
    /// <param name="hasGaps">Whether a number that no member has takes a place of its own.</param>
    public static IReadOnlyList<PackableMember?> Of(INamedTypeSymbol type, bool hasGaps)
    {
        PackableMember[] members =
        [
            .. Candidates(type)
                .Reverse()
                .GroupBy(static member => member.Name, StringComparer.Ordinal)
                .Select(static group => group.First())
                .Reverse()
                .Where(IsWritten)
                .Select(PackableMember.Of)
                .OrderBy(static member => member.Order),
        ];
        if (!hasGaps || members.Length == 0)
        {
            return members;
        }

        PackableMember?[] places = new PackableMember?[members[members.Length - 1].Order + 1];
        foreach (PackableMember member in members)
        {
            places[member.Order] ??= member;
        }

        return places;
    }

    public static bool IsWritten(ISymbol symbol) =>
        !Packable.Has(symbol, "MemoryPackIgnoreAttribute")
        && (symbol.DeclaredAccessibility == Accessibility.Public || Packable.Has(symbol, Packable.IncludeAttribute))
        && symbol is not IPropertySymbol { IsIndexer: true } and not IPropertySymbol { GetMethod: null };

    /// <summary>The fields and properties of one class or struct, without its bases.</summary>
    public static IEnumerable<ISymbol> Declared(INamedTypeSymbol type) => type.GetMembers().Where(static member =>
        member is IFieldSymbol or IPropertySymbol
        && member is { IsStatic: false, IsImplicitlyDeclared: false, CanBeReferencedByName: true, IsOverride: false });

    private static IEnumerable<ISymbol> Candidates(INamedTypeSymbol type) =>
        type.BaseType is null ? Declared(type) : Candidates(type.BaseType).Concat(Declared(type));
}
