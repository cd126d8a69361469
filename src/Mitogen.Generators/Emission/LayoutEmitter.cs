using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints what finds out where the fields of a struct without references lie.</summary>
internal static class LayoutEmitter
{
    private const string Accessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";

    /// <summary>The method that finds it out.</summary>
    public static string MethodOf(FormatterModel formatter) => $"{formatter.Name}Layout";

    public static void Emit(SourceWriter source, FormatterModel formatter, RawStructShape shape)
    {
        string accessors = $"{formatter.Name}Fields";
        using (source.Open($"private static {RawLayout} {MethodOf(formatter)}()"))
        {
            if (shape.Fields.Count > 0)
            {
                source.Line($"{formatter.TypeName} value = default;");
            }

            string arguments = shape.Definition is { } definition ? $"<{string.Join(", ", definition.Arguments)}>" : "";
            IEnumerable<string> fields = shape.Fields.Select((field, index) =>
            {
                string place = field.IsPublic ? $"value.{field.Name}" : $"{accessors}{arguments}.Field{index}(ref value)";
                return $"({RawLayout}.Offset(ref value, ref {place}), {EncodingEmitter.Layout(field.Type)})";
            });
            source.Line($"return {RawLayout}.Struct<{formatter.TypeName}>(\n    {string.Join(",\n    ", fields)});");
        }

        if (shape.Fields.Any(static field => !field.IsPublic))
        {
            source.Line();
            EmitAccessors(source, accessors, formatter, shape);
        }
    }

    private static void EmitAccessors(SourceWriter source, string name, FormatterModel formatter, RawStructShape shape)
    {
        using (source.Open($"private static class {name}{Generics(shape.Definition)}"))
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

    // The type parameters of the struct, repeated.
    private static string Generics(GenericDefinition? definition) => definition is null ? "" :
        $"<{string.Join(", ", definition.Parameters.Select(static parameter => parameter.Name))}>"
        + string.Concat(definition.Parameters.Select(Constraints));

    private static string Constraints(TypeParameter parameter)
    {
        string[] kind = parameter.Kind switch
        {
            ConstraintKind.Unmanaged => ["unmanaged"],
            ConstraintKind.Struct => ["struct"],
            ConstraintKind.Class => ["class"],
            ConstraintKind.NullableClass => ["class?"],
            ConstraintKind.NotNull => ["notnull"],
            _ => [],
        };
        string[] all =
        [
            .. kind,
            .. parameter.Bases,
            .. parameter.HasConstructor ? new[] { "new()" } : [],
            .. parameter.AllowsRefStruct ? new[] { "allows ref struct" } : [],
        ];
        return all.Length == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", all)}";
    }
}
