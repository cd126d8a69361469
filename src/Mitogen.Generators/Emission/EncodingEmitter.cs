using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints expressions that yield what other formatters are made of.</summary>
internal static class EncodingEmitter
{
    /// <summary>The formatter of a type.</summary>
    public static string Formatter(EncodedType type) => type.Encoding switch
    {
        UnmanagedEncoding or CheckedEncoding => RawFormatter(type.TypeName, Layout(type)),
        TextEncoding => $"{WireFormatters}.ForString",
        ProvidedEncoding provided => $"{WireFormatters}.For{provided.Name}",
        ByteStreamEncoding stream => $"{Abi}.ByteStreamFormatters.{stream.Name}",
        GeneratedEncoding generated => $"global::{generated.Namespace}.{FormattersModel.ClassName}.{generated.Formatter}",
        _ => throw new InvalidOperationException($"'{type.TypeName}' has no formatter."),
    };

    /// <summary>The same for the elements of a collection, which copies in bulk where there is nothing to check.</summary>
    public static string ElementFormatter(EncodedType type) => type.Encoding is UnmanagedEncoding ? "null" : Formatter(type);

    /// <summary>The layout of a type that is written as its memory; nothing for others.</summary>
    public static string Layout(EncodedType type) => type.Encoding switch
    {
        UnmanagedEncoding => $"{RawLayout}.Plain<{type.TypeName}>()",
        CheckedEncoding known => $"{RawLayout}.For{known.Name}",
        { IsRaw: true } => $"{Formatter(type)}.Layout",
        _ => "",
    };

    /// <summary>A formatter of what has a layout.</summary>
    public static string RawFormatter(string typeName, string layout) => $"new {Abi}.RawFormatter<{typeName}>({layout})";

    /// <summary>The library's formatter of a type.</summary>
    public static string Formatter(LibraryFormatter formatter, string typeName) => formatter switch
    {
        ProvidedFormatter => $"{WireFormatters}.Provided<{typeName}>()",
        RegisteredFormatter => $"{WireFormatters}.Registered<{typeName}>()",
        AttributeFormatter attribute => $"{Creation(attribute)}.GetFormatter()",
        _ => $"{WireFormatters}.Packable<{typeName}>()",
    };

    private static string Creation(AttributeFormatter attribute)
    {
        string settings = string.Join(", ", attribute.Settings.Select(static setting => $"{setting.Name} = {setting.Value}"));
        return $"new {attribute.TypeName}({string.Join(", ", attribute.Arguments)}){(settings.Length == 0 ? "" : $" {{ {settings} }}")}";
    }
}
