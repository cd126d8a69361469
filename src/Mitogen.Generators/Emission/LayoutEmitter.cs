using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints what finds out where the fields of a struct without references lie.</summary>
internal static class LayoutEmitter
{
    private const string Accessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";

    public static void Emit(SourceWriter source, FormatterModel formatter, RawShape shape)
    {
        string accessors = $"{formatter.Name}Fields";
        using (source.Open($"private static {RawLayout} {formatter.Name}Layout()"))
        {
            if (shape.Fields.Count > 0)
            {
                source.Line($"{formatter.TypeName} value = default;");
            }

            IEnumerable<string> fields = shape.Fields.Select((field, index) =>
            {
                string place = field.IsPublic ? $"value.{field.Name}" : $"{accessors}{shape.Definition?.Arguments}.Field{index}(ref value)";
                return $"({RawLayout}.Offset(ref value, ref {place}), {field.Layout})";
            });
            source.Line($"return {RawLayout}.Struct<{formatter.TypeName}>(\n    {string.Join(",\n    ", fields)});");
        }

        if (shape.Fields.Any(static field => !field.IsPublic))
        {
            source.Line();
            EmitAccessors(source, accessors, formatter, shape);
        }
    }

    private static void EmitAccessors(SourceWriter source, string name, FormatterModel formatter, RawShape shape)
    {
        using (source.Open($"private static class {name}{shape.Definition?.Parameters}{shape.Definition?.Constraints}"))
        {
            for (int i = 0; i < shape.Fields.Count; i++)
            {
                RawField field = shape.Fields[i];
                if (!field.IsPublic)
                {
                    string owner = shape.Definition?.TypeName ?? formatter.TypeName;
                    source.Line($"""
                        [{Accessor}({Accessor}Kind.Field, Name = "{field.Name}")]
                        internal static extern ref {field.TypeName} Field{i}(ref {owner} value);
                        """);
                }
            }
        }
    }
}
