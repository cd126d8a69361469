using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>A public field or property of a plain type.</summary>
internal sealed record ObjectMember(string Name, ITypeSymbol Type, ISymbol Symbol)
{
    public bool IsRequired => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    /// <summary>Whether it has no state of its own: what it shows is that of others, if it is any.</summary>
    public bool IsComputed => Symbol is IPropertySymbol && Setter is null && !Declarations.OfType<IPropertySymbol>().Any(IsAutomatic);

    /// <summary>The accessor that sets it: an override that has none of its own inherits one.</summary>
    public IMethodSymbol? Setter => Declarations.OfType<IPropertySymbol>().Select(static at => at.SetMethod).FirstOrDefault(static at => at is not null);

    /// <summary>The member, and those that it overrides.</summary>
    public IEnumerable<ISymbol> Declarations
    {
        get
        {
            for (ISymbol? at = Symbol; at is not null; at = (at as IPropertySymbol)?.OverriddenProperty)
            {
                yield return at;
            }
        }
    }

    public bool CanBeSet(Compilation compilation) => Symbol is IFieldSymbol field
        ? !field.IsReadOnly
        : Setter is { } setter && compilation.IsSymbolAccessibleWithin(setter, compilation.Assembly);

    /// <summary>The public field or property that a symbol is; <see langword="null"/> if it is none, or is meant to stay behind.</summary>
    public static ObjectMember? Of(ISymbol symbol) => symbol switch
    {
        not { IsStatic: false, DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true } => null,
        _ when SerializationMarks.IsLeftBehind(symbol) => null,
        IFieldSymbol field => new ObjectMember(field.Name, field.Type, field),
        IPropertySymbol { IsIndexer: false, GetMethod.DeclaredAccessibility: Accessibility.Public } property =>
            new ObjectMember(property.Name, property.Type, property),
        IPropertySymbol { IsIndexer: false, GetMethod: null, OverriddenProperty: { } overridden } property when Getter(overridden) =>
            new ObjectMember(property.Name, property.Type, property),
        _ => null,
    };

    private static bool Getter(IPropertySymbol? property) =>
        property is not null && (property.GetMethod?.DeclaredAccessibility == Accessibility.Public || Getter(property.OverriddenProperty));

    // Private fields of a class in another assembly are not seen; there, the compiler marked the accessors of automatic properties.
    private static bool IsAutomatic(IPropertySymbol property) =>
        SerializationMarks.BackingField(property) is not null
        || (property.GetMethod?.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute") ?? false);
}
