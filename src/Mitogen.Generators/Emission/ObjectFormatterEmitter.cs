using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the formatter of a plain class, struct, tuple or pair.</summary>
internal static class ObjectFormatterEmitter
{
    public static void Emit(SourceWriter source, FormatterModel formatter, ObjectShape shape)
    {
        using (source.Open($"private sealed class {CreationEmitter.ClassOf(formatter)} : {MemoryPack}.MemoryPackFormatter<{formatter.TypeName}>"))
        {
            EmitSerialize(source, formatter, shape);
            source.Line();
            EmitDeserialize(source, formatter, shape);
        }
    }

    private static void EmitSerialize(SourceWriter source, FormatterModel formatter, ObjectShape shape)
    {
        using (source.Open(
            "public override void Serialize<TBufferWriter>(" +
            $"ref {PackWriter} writer, scoped ref {formatter.TypeName} value)"))
        {
            if (!shape.IsValueType)
            {
                using (source.Open("if (value is null)"))
                {
                    source.Line("writer.WriteNullObjectHeader();");
                    source.Line("return;");
                }

                source.Line();
            }

            if (shape.ChecksExactType)
            {
                source.Line($"{WireData}.CheckExactType(value, typeof({formatter.TypeName}));");
            }

            EnterNesting(source, shape);
            if (shape.HasHeader)
            {
                source.Line($"writer.WriteObjectHeader({shape.Members.Count});");
            }

            foreach (MemberModel member in shape.Members)
            {
                source.Line(WireEmitter.Write(member.Type, "writer", $"value.{member.Name}"));
            }
        }
    }

    private static void EmitDeserialize(SourceWriter source, FormatterModel formatter, ObjectShape shape)
    {
        using (source.Open(
            $"public override void Deserialize(ref {PackReader} reader, scoped ref {formatter.TypeName} value)"))
        {
            if (shape.HasHeader)
            {
                using (source.Open("if (!reader.TryReadObjectHeader(out byte count))"))
                {
                    source.Line("value = default;");
                    source.Line("return;");
                }

                source.Line();
                source.Line($"{WireData}.CheckMemberCount(count, {shape.Members.Count}, \"{shape.DisplayName}\");");
            }

            // Behind the header, as where it is written: null is no level.
            EnterNesting(source, shape);
            for (int i = 0; i < shape.Members.Count; i++)
            {
                EncodedType type = shape.Members[i].Type;
                string read = WireEmitter.Read(type, "reader");

                // An older version of the type that was sent has fewer members; the rest are default.
                source.Line($"{type.TypeName} member{i} = {(shape.HasHeader ? $"count > {i} ? {read} : default" : read)};");
            }

            string arguments = string.Join(", ", shape.ConstructorArguments.Select(static index => $"member{index}"));
            string creation = $"value = new {formatter.TypeName}({arguments})";
            if (shape.InitializedMembers.Count == 0)
            {
                source.Line(creation + ";");
                return;
            }

            using (source.Open(creation, "};"))
            {
                foreach (int index in shape.InitializedMembers)
                {
                    source.Line($"{shape.Members[index].Name} = member{index},");
                }
            }
        }
    }

    private static void EnterNesting(SourceWriter source, ObjectShape shape)
    {
        if (shape.IsRecursive)
        {
            source.Line($"using {Abi}.WireNesting nesting = {Abi}.WireNesting.Enter(\"{shape.DisplayName}\");");
        }
    }
}
