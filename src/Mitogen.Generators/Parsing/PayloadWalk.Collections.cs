using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class PayloadWalk
{
    private Payload VisitArray(IArrayTypeSymbol type, string path)
    {
        Payload element = VisitPart(type, type.ElementType, path + "[]");
        if (type.Rank > 4)
        {
            return Refuse(path, type, "has more than four dimensions: send an array of arrays");
        }

        return Add(type, element.Level, type.IsSZArray ? new SequenceShape(element.Type, null) : new GridShape(type.Rank, element.Type));
    }

    private Payload VisitCollection(INamedTypeSymbol type, ElementKind kind, string path)
    {
        if (Comparability.WhyUnsorted(type) is { } unsorted)
        {
            return Refuse(path, type, unsorted);
        }

        Payload element = VisitPart(type, ElementOf(type, kind), path + "[]");
        CollectionType collection = new(type.FullMetadataName(), type.TypeArguments.Select(TypeNames.Source).ToEquatableArray());
        return Add(type, element.Level, new SequenceShape(element.Type, collection));
    }

    private Payload VisitNullable(INamedTypeSymbol type, string path)
    {
        Payload value = VisitPart(type, type.TypeArguments[0], path);
        return Add(type, value.Level, new NullableShape(value.Type));
    }

    private Payload VisitLazy(INamedTypeSymbol type, string path)
    {
        Payload value = VisitPart(type, type.TypeArguments[0], path + ".Value");
        return Add(type, value.Level, new LazyShape(value.Type));
    }

    /// <summary>What is written for each element.</summary>
    public ITypeSymbol ElementOf(INamedTypeSymbol type, ElementKind kind) => kind switch
    {
        ElementKind.Pair => PairOf(type),
        ElementKind.Tuple => Construct("System.ValueTuple`2", type),
        _ => type.TypeArguments[0],
    };

    public ITypeSymbol PairOf(INamedTypeSymbol dictionary) => Construct(Collections + "KeyValuePair`2", dictionary);

    /// <summary>Visits what a formatter without members is made of.</summary>
    private Payload VisitPart(ITypeSymbol owner, ITypeSymbol part, string path)
    {
        _graph.Enter(TypeNames.Identifier(owner));
        Payload payload = Visit(part, path);
        _graph.Leave();
        return payload;
    }

    private INamedTypeSymbol Construct(string definition, INamedTypeSymbol arguments) =>
        compilation.GetTypeByMetadataName(definition)!.Construct(arguments.TypeArguments[0], arguments.TypeArguments[1]);
}
