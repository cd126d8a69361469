using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>What is made of other types, without members of its own.</summary>
internal sealed partial class FormatterVisitor
{
    protected override VisitedType VisitArray(IArrayTypeSymbol type, VisitedType element, string path) => type.Rank > 4
        ? Refuse(path, type, "has more than four dimensions: send an array of arrays")
        : Add(type, element.Level, type.IsSZArray ? new SequenceShape(element.Type, null) : new GridShape(type.Rank, element.Type));

    protected override VisitedType VisitCollection(INamedTypeSymbol type, VisitedType element) => Add(
        type,
        element.Level,
        new SequenceShape(element.Type, new(type.FullMetadataName(), type.TypeArguments.Select(TypeNames.Source).ToEquatableArray())));

    protected override VisitedType VisitNullable(INamedTypeSymbol type, VisitedType value) => Add(type, value.Level, new NullableShape(value.Type));

    protected override VisitedType VisitLazy(INamedTypeSymbol type, VisitedType value) => Add(type, value.Level, new LazyShape(value.Type));

    protected override VisitedType VisitPair(INamedTypeSymbol type, VisitedType key, VisitedType value) => key.IsRaw && value.IsRaw
        ? Add(type, Math.Max(key.Level, value.Level), new RawPairShape(key.Type, value.Type))
        : AddTuple(type, [new MemberModel("Key", key.Type), new MemberModel("Value", value.Type)]);

    protected override VisitedType VisitTuple(INamedTypeSymbol type, VisitedType[] elements) => elements.All(static element => element.IsRaw)
        ? AddRaw(
            type,
            elements.Max(static element => element.Level),
            elements.Select(static (element, i) => new RawField(ElementName(i), element.Type.TypeName, IsPublic: true, element.Type)))
        : AddTuple(type, elements.Select(static (element, i) => new MemberModel(ElementName(i), element.Type)));

    protected override string DisplayNameOf(INamedTypeSymbol tuple, int index)
    {
        ImmutableArray<IFieldSymbol> elements = tuple.TupleElements;
        string field = ElementName(index);
        return field != "Rest" && index < elements.Length ? elements[index].Name : field;
    }

    private VisitedType AddTuple(INamedTypeSymbol type, IEnumerable<MemberModel> elements)
    {
        EquatableArray<MemberModel> members = elements.ToEquatableArray();
        ObjectShape shape = new(
            DisplayName: TypeNames.People(type),
            IsValueType: true,
            HasHeader: false,
            ChecksExactType: false,
            IsRecursive: false,
            members,
            Enumerable.Range(0, members.Count).ToEquatableArray(),
            InitializedMembers: default);
        return Add(type, 0, shape);
    }
}
