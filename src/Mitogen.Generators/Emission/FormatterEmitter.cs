using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

internal static class FormatterEmitter
{
    public static void EmitFormatters(SourceWriter source, IEnumerable<FormatterModel> formatters)
    {
    }

    public static void EmitRegistrations(SourceWriter source, IEnumerable<FormatterModel> formatters)
    {
    }
}
