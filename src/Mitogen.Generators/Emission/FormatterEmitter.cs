using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the members of the class that holds an assembly's formatters.</summary>
/// <remarks>
/// Generated code calls the formatters by their fields, not through the library's provider: nothing is looked up, and nothing is made
/// at run time from an open generic type. Where there are <c>[MemoryPackable]</c> types, they are registered all the same: the generic
/// ones among those look them up.
/// </remarks>
internal static class FormatterEmitter
{
    /// <summary>Prints the members of the class.</summary>
    public static void EmitFormatters(SourceWriter source, IEnumerable<FormatterModel> formatters)
    {
        FormatterModel[] ordered = InOrder(formatters);

        // Formatters are of types without nullable annotations: List<string> and List<string?> share one.
        source.Line("#nullable disable");
        foreach (CheckModel check in formatters.SelectMany(static formatter => formatter.Checks).Distinct().OrderBy(
            static check => check.Name, StringComparer.Ordinal))
        {
            source.Line($"private static readonly {Abi}.WireCheck {check.Name} = {CheckEmitter.Emit(check.Check)};");
        }

        foreach (FormatterModel formatter in ordered)
        {
            string type = formatter.Shape.IsRaw ? $"{Abi}.RawFormatter" : $"{MemoryPack}.MemoryPackFormatter";
            source.Line($"internal static readonly {type}<{formatter.TypeName}> {formatter.Name} = {CreationEmitter.Create(formatter)};");
        }

        foreach (FormatterModel formatter in ordered)
        {
            switch (formatter.Shape)
            {
                case ObjectShape shape:
                    source.Line();
                    ObjectFormatterEmitter.Emit(source, formatter, shape);
                    break;
                case UnionShape shape:
                    source.Line();
                    UnionFormatterEmitter.Emit(source, formatter, shape);
                    break;
                case RawStructShape shape:
                    source.Line();
                    LayoutEmitter.Emit(source, formatter, shape);
                    break;
            }
        }

        source.Line("#nullable restore");
    }

    /// <summary>Prints statements, for a method of the class, that register the formatters with the library's provider.</summary>
    public static void EmitRegistrations(SourceWriter source, IEnumerable<FormatterModel> formatters)
    {
        foreach (FormatterModel formatter in InOrder(formatters).Where(static formatter => formatter.IsRegistered))
        {
            using (source.Open($"if (!{MemoryPack}.MemoryPackFormatterProvider.IsRegistered<{formatter.TypeName}>())"))
            {
                source.Line($"{MemoryPack}.MemoryPackFormatterProvider.Register({formatter.Name});");
            }
        }
    }

    // Static fields are set in the order of the text, so a formatter stands after those that it is made of.
    private static FormatterModel[] InOrder(IEnumerable<FormatterModel> formatters) =>
    [
        .. formatters
            .GroupBy(static formatter => formatter.Name, StringComparer.Ordinal)
            .Select(static group => group.First())
            .OrderBy(static formatter => formatter.Level)
            .ThenBy(static formatter => formatter.Name, StringComparer.Ordinal),
    ];
}
