using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.EncodingEmitter;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the expression that creates a formatter.</summary>
internal static class CreationEmitter
{
    public static string Create(FormatterModel model) => model.Shape switch
    {
        SequenceShape { Collection: null } sequence =>
            $"new {Sequence(model, sequence)}({ElementFormatter(sequence.Element)}, static value => value, static items => items)",
        SequenceShape { Collection: { } collection } sequence => Create(model, sequence, collection),
        GridShape grid =>
            $"new {Abi}.MultiArrayFormatter<{model.TypeName}, {grid.Element.TypeName}>({ElementFormatter(grid.Element)}, {grid.Rank})",
        NullableShape { IsRaw: true, Value: var value } =>
            RawFormatter(model.TypeName, $"{RawLayout}.Nullable<{value.TypeName}>({Layout(value)})"),
        NullableShape { Value: var value } => $"new {Abi}.NullableStructFormatter<{value.TypeName}>({Formatter(value)})",
        LazyShape { Value: var value } => $"new {Abi}.LazyValueFormatter<{value.TypeName}>({Formatter(value)})",
        EnumShape => RawFormatter(model.TypeName, $"{RawLayout}.Plain<{model.TypeName}>()"),
        RawPairShape { Key: var key, Value: var value } =>
            RawFormatter(model.TypeName, $"{RawLayout}.Pair<{key.TypeName}, {value.TypeName}>({Layout(key)}, {Layout(value)})"),
        RawStructShape => RawFormatter(model.TypeName, $"{LayoutEmitter.MethodOf(model)}()"),
        ContractShape contract => Reference(model, $"{contract.ContractClass}.Instance"),
        ItemsShape { Item: var item } => Reference(
            model, $"new {Abi}.ItemsContract<{item.TypeName}>({WireEmitter.Reader(item)}, {WireEmitter.Writer(item)})"),
        PackableShape { Check: null } packable => Formatter(packable.Formatter, model.TypeName),
        PackableShape packable =>
            $"new {Abi}.CheckedFormatter<{model.TypeName}>({Formatter(packable.Formatter, model.TypeName)}, {packable.Check})",
        _ => $"new {ClassOf(model)}()",
    };

    /// <summary>The class of a formatter that has code of its own.</summary>
    public static string ClassOf(FormatterModel model) => $"{model.Name}Formatter";

    private static string Create(FormatterModel model, SequenceShape sequence, CollectionType collection)
    {
        CollectionSyntax syntax = CollectionSyntax.Of(collection);
        string isNull = syntax.IsNull is null ? "" : $", static value => {syntax.IsNull}";
        return $"new {Sequence(model, sequence)}({ElementFormatter(sequence.Element)}, " +
            $"static value => {syntax.View}, static items => {syntax.Create(model.TypeName, collection)}{isNull})";
    }

    private static string Sequence(FormatterModel model, SequenceShape sequence) =>
        $"{Abi}.SequenceFormatter<{model.TypeName}, {sequence.Element.TypeName}>";

    private static string Reference(FormatterModel model, string contract) => $"new {Abi}.ReferenceFormatter<{model.TypeName}>({contract})";
}
