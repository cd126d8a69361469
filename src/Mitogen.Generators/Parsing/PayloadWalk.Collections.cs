using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

internal sealed partial class PayloadWalk
{
    private Payload VisitArray(IArrayTypeSymbol type, string path)
    {
        (Payload element, string name) = VisitPart(type, type.ElementType, path + "[]");
        if (type.Rank > 4)
        {
            return Refuse(path, type, "has more than four dimensions: send an array of arrays");
        }

        string source = TypeNames.Source(type);
        string creation = type.IsSZArray
            ? $"new {Services}SequenceFormatter<{source}, {name}>({element.ElementFormatter}, static value => value, static items => items)"
            : $"new {Services}MultiArrayFormatter<{source}, {name}>({element.ElementFormatter}, {type.Rank})";
        return Add(Model(type, element.Level, creation, null));
    }

    private Payload VisitCollection(INamedTypeSymbol type, KnownCollection collection, string path)
    {
        if (Comparability.WhyUnsorted(type) is { } unsorted)
        {
            return Refuse(path, type, unsorted);
        }

        (Payload element, string name) = VisitPart(type, ElementOf(type, collection), path + "[]");
        string source = TypeNames.Source(type);

        string Fill(string text) => text
            .Replace("$T", source)
            .Replace("$0", TypeNames.Source(type.TypeArguments[0]))
            .Replace("$1", TypeNames.Source(type.TypeArguments[type.TypeArguments.Length - 1]));

        string isNull = collection.IsNull is null ? "" : $", static value => {collection.IsNull}";
        string creation =
            $"new {Services}SequenceFormatter<{source}, {name}>({element.ElementFormatter}, " +
            $"static value => {collection.View}, static items => {Fill(collection.Create)}{isNull})";
        return Add(Model(type, element.Level, creation, null));
    }

    private Payload VisitNullable(INamedTypeSymbol type, string path)
    {
        (Payload value, string name) = VisitPart(type, type.TypeArguments[0], path);
        string layout = $"{Services}RawLayout.Nullable<{name}>({value.Layout})";
        return value.IsRaw
            ? Add(Model(type, value.Level, RawFormatter(type, layout), null) with { IsRaw = true })
            : Add(Model(type, value.Level, $"new {Services}NullableStructFormatter<{name}>({value.Formatter})", null));
    }

    private Payload VisitLazy(INamedTypeSymbol type, string path)
    {
        (Payload value, string name) = VisitPart(type, type.TypeArguments[0], path + ".Value");
        return Add(Model(type, value.Level, $"new {Services}LazyValueFormatter<{name}>({value.Formatter})", null));
    }

    /// <summary>The type that is written for each element.</summary>
    public ITypeSymbol ElementOf(INamedTypeSymbol type, KnownCollection collection) => collection.Element switch
    {
        ElementKind.Pair => PairOf(type),
        ElementKind.Tuple => Construct("System.ValueTuple`2", type),
        _ => type.TypeArguments[0],
    };

    public ITypeSymbol PairOf(INamedTypeSymbol dictionary) => Construct(Collections + "KeyValuePair`2", dictionary);

    /// <summary>Visits what a formatter without members is made of.</summary>
    private (Payload Part, string Name) VisitPart(ITypeSymbol owner, ITypeSymbol part, string path)
    {
        _graph.Enter(TypeNames.Identifier(owner));
        Payload payload = Visit(part, path);
        _graph.Leave();
        return (payload, TypeNames.Source(part));
    }

    private static string RawFormatter(ITypeSymbol type, string layout) =>
        $"new {Services}RawFormatter<{TypeNames.Source(type)}>({layout})";

    private INamedTypeSymbol Construct(string definition, INamedTypeSymbol arguments) =>
        compilation.GetTypeByMetadataName(definition)!.Construct(arguments.TypeArguments[0], arguments.TypeArguments[1]);
}
