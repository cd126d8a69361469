using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class FormatterVisitor
{
    // Those whose fields are being looked at.
    private readonly HashSet<ITypeSymbol> _openStructs = new(SymbolEqualityComparer.Default);

    /// <summary>A type without references as what has a layout, also where the library writes it otherwise by itself.</summary>
    public EncodedType VisitRaw(INamedTypeSymbol type, string path)
    {
        VisitedType wire = Visit(type, path);
        return (wire.IsRaw || Error is not null ? wire : VisitRawStruct(type, path)).Type;
    }

    /// <summary>A struct without references is sent as its memory, as the library does.</summary>
    private VisitedType VisitRawStruct(INamedTypeSymbol type, string path)
    {
        if (type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "InlineArrayAttribute"))
        {
            return Refuse(path, type, "is an inline array: send an array");
        }

        if (type.ContainingType is { IsGenericType: true })
        {
            return Refuse(path, type, "is nested in a generic type: move it out of it");
        }

        if (StructLayouts.WhyUnion(type) is { } union)
        {
            return Refuse(path, type, union);
        }

        if (!_openStructs.Add(type))
        {
            return Refuse(path, type, "contains itself, so that it has no size: make it a class, or hold it in an array");
        }

        List<RawField> fields = [];
        int level = 0;
        _graph.Enter(TypeNames.Identifier(type));
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic))
        {
            string member = field.AssociatedSymbol?.Name ?? field.Name;
            if (field.IsFixedSizeBuffer)
            {
                Refuse($"{path}.{member}", field.Type, "is a buffer inside a struct: send an array");
                break;
            }

            if (SerializationMarks.ExcludedBy(field) is { } mark)
            {
                Refuse(
                    $"{path}.{member}",
                    type,
                    $"has no references, so that it is sent as its memory, with '{member}', which is marked {mark}: take the mark away, or make it a class");
                break;
            }

            VisitedType wire = Visit(field.Type, $"{path}.{member}");
            bool isPublic = field is { DeclaredAccessibility: Accessibility.Public, IsReadOnly: false, CanBeReferencedByName: true }
                && !field.IsForbidden();
            fields.Add(new RawField(
                isPublic ? SymbolNames.Escape(field.Name) : field.Name,
                TypeNames.Source(field.OriginalDefinition.Type),
                isPublic,
                wire.Type));
            level = Math.Max(level, wire.Level);
        }

        _graph.Leave();
        _openStructs.Remove(type);
        return AddRaw(type, level, fields);
    }

    private VisitedType AddRaw(INamedTypeSymbol type, int level, IEnumerable<RawField> fields) => Add(
        type,
        level,
        new RawStructShape(fields.ToEquatableArray(), type.IsGenericType && !type.IsTupleType ? GenericDefinitions.Of(type) : null));
}
