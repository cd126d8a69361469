using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class CheckVisitor
{
    private const string OwnFormatter =
        "is read by a formatter of its own: let the library generate it, or make sure that it bears any bytes";

    private const string PlainInPackable =
        "is a plain type within one that is [MemoryPackable], and read by whatever formatter the library is given for it: mark it " +
        "[MemoryPackable], too, or take that mark off the type around it";

    /// <summary>The check of a type that the library reads; <see langword="null"/>, and a warning, if it cannot be checked.</summary>
    public NamedCheckShape? OfPackable(INamedTypeSymbol type, Packable packable, string path) => Named(type, () =>
    {
        if (packable.GenerateType == PackableKind.NoGenerate)
        {
            State.Warn(path, type, OwnFormatter);
            return null;
        }

        if (Packable.HasReaderCallback(type))
        {
            State.Warn(path, type, "has a callback that may read bytes of its own: let it take no reader, or make sure that it bears any bytes");
            return null;
        }

        if (packable.IsUnion)
        {
            return Union(type, Packable.UnionOf(type), path);
        }

        if (packable.GenerateType == PackableKind.Collection)
        {
            return Collection(type, path);
        }

        if (ForeignMembers.WhyUnknown(type) is { } reason)
        {
            State.Warn(path, type, reason);
            return null;
        }

        MemberOrder order = packable.GenerateType switch
        {
            PackableKind.VersionTolerant => MemberOrder.VersionTolerant,
            PackableKind.CircularReference => MemberOrder.CircularReference,
            _ => MemberOrder.Members,
        };
        IReadOnlyList<PackableMember?> members = PackableMembers.Of(type, hasGaps: order != MemberOrder.Members);
        return Members(type, order, members.Select(member => member is null ? NoCheckShape.Instance : OfMember(member, path)));
    });

    protected override CheckShape VisitPackable(INamedTypeSymbol type, Packable packable, string path) =>
        (CheckShape?)OfPackable(type, packable, path) ?? Unknown(type, packable.Formatter, path);

    private CheckShape OfMember(PackableMember member, string path)
    {
        path = $"{path}.{member.Symbol.Name}";
        if (CustomFormatter.Find(member.Symbol) is { } formatter)
        {
            return OfFormatted(member, formatter, path);
        }

        if (Packable.Has(member.Symbol, "MemoryPackAllowSerializeAttribute") && !IsKnown(member.Type))
        {
            State.Warn(path, member.Type, PlainInPackable);
            return Unknown(member.Type, new ProvidedFormatter(), path);
        }

        return Visit(member.Type, path);
    }

    private CheckShape OfFormatted(PackableMember member, CustomFormatter formatter, string path)
    {
        switch (formatter.Kind)
        {
            case CustomFormatterKind.Text:
                return new KnownCheckShape(KnownForm.Text);
            case CustomFormatterKind.Bits:
                return new KnownCheckShape(KnownForm.Bits);
            case CustomFormatterKind.AsUsual:
                return Visit(member.Type, path);
            default:
                State.Warn(path, member.Type, $"is read by {formatter.Name}: make sure that it bears any bytes");
                return Compilation.IsSymbolAccessibleWithin(formatter.Type, Compilation.Assembly)
                    ? Unknown(member.Type, formatter.Model, path)
                    : Refuse(path, member.Type, $"is read by {formatter.Name}, which is not visible to generated code: make it internal or public");
        }
    }

    private CheckShape Unknown(ITypeSymbol type, LibraryFormatter formatter, string path) =>
        Compilation.IsSymbolAccessibleWithin(type, Compilation.Assembly)
            ? new UnknownCheckShape(TypeNames.Source(type), formatter)
            : Refuse(path, type, FormatterVisitor.NotVisible);

    private UnionCheckShape Union(INamedTypeSymbol type, IEnumerable<(ushort Tag, INamedTypeSymbol Type)> types, string path) => new(
        TypeNames.People(type),
        types.Select(part => new UnionCase(part.Tag, Visit(part.Type, $"{path}({part.Type.Name})"))).ToEquatableArray());

    private CheckShape Collection(INamedTypeSymbol type, string path)
    {
        INamedTypeSymbol? Find(string name) => type.AllInterfaces.LastOrDefault(at => at.Is("System.Collections.Generic." + name));

        ITypeSymbol? element = Find("IDictionary`2") is { } dictionary
            ? PairOf(dictionary)
            : (Find("ISet`1") ?? Find("ICollection`1"))?.TypeArguments[0];
        return element is null
            ? Refuse(path, type, "is a collection without a known element: implement ICollection<T>")
            : new CollectionCheckShape(TypeNames.People(type), Visit(element, path + "[]"));
    }

    // What the library knows by itself; the attribute changes nothing there.
    private static bool IsKnown(ITypeSymbol type) =>
        type.IsUnmanagedType || type is not INamedTypeSymbol named || Packable.Find(named) is not null || named.IsOfFramework();
}
