using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the formatter of an abstract class whose derived types are all known.</summary>
internal static class UnionFormatterEmitter
{
    public static void Emit(SourceWriter source, FormatterModel formatter, UnionShape shape)
    {
        using (source.Open($"private sealed class {CreationEmitter.ClassOf(formatter)} : {MemoryPack}.MemoryPackFormatter<{formatter.TypeName}>"))
        {
            using (source.Open(
                "public override void Serialize<TBufferWriter>(" +
                $"ref {PackWriter} writer, scoped ref {formatter.TypeName} value)"))
            {
                EmitSerialize(source, formatter, shape);
            }

            source.Line();
            using (source.Open(
                $"public override void Deserialize(ref {PackReader} reader, scoped ref {formatter.TypeName} value)"))
            {
                EmitDeserialize(source, shape);
            }
        }
    }

    private static void EmitSerialize(SourceWriter source, FormatterModel formatter, UnionShape shape)
    {
        source.Line("global::System.Type type = value?.GetType();");
        using (source.Open("if (type is null)"))
        {
            source.Line("writer.WriteNullUnionHeader();");
        }

        for (int tag = 0; tag < shape.Cases.Count; tag++)
        {
            EncodedType @case = shape.Cases[tag];
            using (source.Open($"else if (type == typeof({@case.TypeName}))"))
            {
                source.Line($"writer.WriteUnionHeader({tag});");
                source.Line(WireEmitter.Write(@case, "writer", $"({@case.TypeName})value"));
            }
        }

        using (source.Open("else"))
        {
            source.Line($"throw {WireData}.NoCase(value, typeof({formatter.TypeName}));");
        }
    }

    private static void EmitDeserialize(SourceWriter source, UnionShape shape)
    {
        using (source.Open("if (!reader.TryReadUnionHeader(out ushort tag))"))
        {
            source.Line("value = null;");
            source.Line("return;");
        }

        source.Line();
        using (source.Open("value = tag switch", "};"))
        {
            for (int tag = 0; tag < shape.Cases.Count; tag++)
            {
                source.Line($"{tag} => {WireEmitter.Read(shape.Cases[tag], "reader")},");
            }

            source.Line($"_ => throw {WireData}.NoCase(tag, \"{shape.DisplayName}\"),");
        }
    }
}
