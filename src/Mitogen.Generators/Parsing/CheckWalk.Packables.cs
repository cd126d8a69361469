using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

internal sealed partial class CheckWalk
{
    private const string OwnFormatter =
        "is read by a formatter of its own: let the library generate it, or make sure that it bears any bytes";

    private const string PlainInPackable =
        "is a plain type within one that is [MemoryPackable], and read by whatever formatter the library is given for it: mark it " +
        "[MemoryPackable], too, or take that mark off the type around it";

    /// <summary>The check of a type that the library reads; <see langword="null"/>, and a warning, if it cannot be checked.</summary>
    public string? OfPackable(INamedTypeSymbol type, Packable packable, string path) => Named(type, () =>
    {
        if (packable.GenerateType == PackableKind.NoGenerate)
        {
            payloads.Warn(path, type, OwnFormatter);
            return null;
        }

        if (Packable.HasReaderCallback(type))
        {
            payloads.Warn(path, type, "has a callback that may read bytes of its own: let it take no reader, or make sure that it bears any bytes");
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
            payloads.Warn(path, type, reason);
            return null;
        }

        (string kind, bool hasGaps) = packable.GenerateType switch
        {
            PackableKind.VersionTolerant => ("VersionTolerant", true),
            PackableKind.CircularReference => ("CircularReference", true),
            _ => ("Members", false),
        };
        return Members(type, kind, PackableMembers.Of(type, hasGaps).Select(member => member is null ? "null" : OfMember(member, path)));
    });

    private string OfMember(PackableMember member, string path)
    {
        path = $"{path}.{member.Symbol.Name}";
        if (CustomFormatter.Find(member.Symbol) is { } formatter)
        {
            return OfFormatted(member, formatter, path);
        }

        if (Packable.Has(member.Symbol, "MemoryPackAllowSerializeAttribute") && !IsKnown(member.Type))
        {
            payloads.Warn(path, member.Type, PlainInPackable);
            return Unknown(member.Type, $"{Services}PayloadFormatters.Provided<{TypeNames.Source(member.Type)}>()", path);
        }

        return Of(member.Type, path);
    }

    private string OfFormatted(PackableMember member, CustomFormatter formatter, string path)
    {
        switch (formatter.Kind)
        {
            case CustomFormatterKind.Text:
                return Check + "Text";
            case CustomFormatterKind.Bits:
                return Check + "Bits";
            case CustomFormatterKind.AsUsual:
                return Of(member.Type, path);
            default:
                payloads.Warn(path, member.Type, $"is read by {formatter.Name}: make sure that it bears any bytes");
                return compilation.IsSymbolAccessibleWithin(formatter.Type, compilation.Assembly)
                    ? Unknown(member.Type, formatter.Expression, path)
                    : Refuse(path, member.Type, $"is read by {formatter.Name}, which is not visible to generated code: make it internal or public");
        }
    }

    private string Unknown(INamedTypeSymbol type, Packable packable, string path) =>
        Unknown(type, packable.Formatter(TypeNames.Source(type)), path);

    private string Unknown(ITypeSymbol type, string formatter, string path) =>
        compilation.IsSymbolAccessibleWithin(type, compilation.Assembly)
            ? $"{Check}Unknown<{TypeNames.Source(type)}>(static () => {formatter})"
            : Refuse(path, type, "is not visible to generated code: make it internal or public");

    private string Union(INamedTypeSymbol type, IEnumerable<(ushort Tag, INamedTypeSymbol Type)> types, string path) =>
        $"{Check}Union(\"{TypeNames.People(type)}\", static () => " +
        $"[{List(types.Select(part => $"({part.Tag}, {Of(part.Type, $"{path}({part.Type.Name})")})"))}])";

    private string? Collection(INamedTypeSymbol type, string path)
    {
        INamedTypeSymbol? Find(string name) => type.AllInterfaces.LastOrDefault(at => at.Is("System.Collections.Generic." + name));

        if (Find("IDictionary`2") is { } dictionary)
        {
            ITypeSymbol pair = payloads.PairOf(dictionary);
            return $"{Check}Collection(\"{TypeNames.People(type)}\", static () => {Of(pair, path + "[]")})";
        }

        ITypeSymbol? element = (Find("ISet`1") ?? Find("ICollection`1"))?.TypeArguments[0];
        return element is null
            ? Refuse(path, type, "is a collection without a known element: implement ICollection<T>")
            : $"{Check}Collection(\"{TypeNames.People(type)}\", static () => {Of(element, path + "[]")})";
    }

    private string Refuse(string path, ITypeSymbol type, string reason)
    {
        payloads.Refuse(path, type, reason);
        return "";
    }

    // Types that the library knows by itself; the attribute changes nothing there.
    private static bool IsKnown(ITypeSymbol type) =>
        type.IsUnmanagedType || type is not INamedTypeSymbol named || Packable.Find(named) is not null || PayloadWalk.IsOfFramework(named);
}
