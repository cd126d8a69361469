using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class PayloadWalk
{
    // Those whose fields are being looked at.
    private readonly HashSet<ITypeSymbol> _openStructs = new(SymbolEqualityComparer.Default);

    /// <summary>A type without references as what has a layout, also where the library writes it otherwise by itself.</summary>
    public EncodedType VisitRaw(INamedTypeSymbol type, string path)
    {
        Payload payload = Visit(type, path);
        return (payload.IsRaw || Error is not null ? payload : VisitRawStruct(type, path)).Type;
    }

    /// <summary>A struct without references is sent as its memory, as the library does.</summary>
    private Payload VisitRawStruct(INamedTypeSymbol type, string path)
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

            Payload payload = Visit(field.Type, $"{path}.{member}");
            bool isPublic = field is { DeclaredAccessibility: Accessibility.Public, IsReadOnly: false, CanBeReferencedByName: true }
                && !field.IsForbidden();
            fields.Add(new RawField(
                isPublic ? SymbolNames.Escape(field.Name) : field.Name,
                TypeNames.Source(field.OriginalDefinition.Type),
                isPublic,
                payload.Type));
            level = Math.Max(level, payload.Level);
        }

        _graph.Leave();
        _openStructs.Remove(type);
        return AddRaw(type, level, fields);
    }

    private Payload VisitPair(INamedTypeSymbol type, string path)
    {
        _graph.Enter(TypeNames.Identifier(type));
        Payload key = Visit(type.TypeArguments[0], path + ".Key");
        Payload value = Visit(type.TypeArguments[1], path + ".Value");
        _graph.Leave();
        if (key.IsRaw && value.IsRaw)
        {
            return Add(type, Math.Max(key.Level, value.Level), new RawPairShape(key.Type, value.Type));
        }

        return AddTuple(type, [new MemberModel("Key", key.Type), new MemberModel("Value", value.Type)]);
    }

    private Payload VisitValueTuple(INamedTypeSymbol type, string path)
    {
        INamedTypeSymbol tuple = type.TupleUnderlyingType ?? type;
        string[] names =
        [
            .. Enumerable.Range(0, tuple.TypeArguments.Length).Select(static index => index == 7 ? "Rest" : $"Item{index + 1}"),
        ];
        _graph.Enter(TypeNames.Identifier(type));
        Payload[] parts =
        [
            .. tuple.TypeArguments.Select((part, index) => Visit(part, $"{path}.{ElementName(type, index) ?? names[index]}")),
        ];
        _graph.Leave();
        return parts.All(static part => part.IsRaw)
            ? AddRaw(
                type,
                parts.Max(static part => part.Level),
                [.. parts.Select((part, i) => new RawField(names[i], part.Type.TypeName, IsPublic: true, part.Type))])
            : AddTuple(type, [.. parts.Select((part, i) => new MemberModel(names[i], part.Type))]);
    }

    private static string? ElementName(INamedTypeSymbol type, int index)
    {
        ImmutableArray<IFieldSymbol> elements = type.TupleElements;
        return index < 7 && index < elements.Length ? elements[index].Name : null;
    }

    private Payload AddRaw(INamedTypeSymbol type, int level, List<RawField> fields) => Add(
        type,
        level,
        new RawStructShape(fields.ToEquatableArray(), type.IsGenericType && !type.IsTupleType ? GenericDefinitions.Of(type) : null));

    private Payload AddTuple(INamedTypeSymbol type, MemberModel[] members) => Add(
        type,
        0,
        new ObjectShape(
            DisplayName: TypeNames.People(type),
            IsValueType: true,
            HasHeader: false,
            ChecksExactType: false,
            IsRecursive: false,
            members.ToEquatableArray(),
            Enumerable.Range(0, members.Length).ToEquatableArray(),
            InitializedMembers: default));
}
