using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints what writes or reads one value.</summary>
internal static class WireEmitter
{
    /// <summary>One statement that appends <paramref name="value"/> to the writer.</summary>
    public static string Write(EncodedType type, string writer, string value) => type.Encoding switch
    {
        UnmanagedEncoding or CheckedEncoding => $"{writer}.WriteUnmanaged({value});",
        TextEncoding => $"{WireData}.WriteString(ref {writer}, {value});",
        _ => $"{WireData}.Write(ref {writer}, {EncodingEmitter.Formatter(type)}, {value});",
    };

    /// <summary>A <c>ResultWriter</c> of the type.</summary>
    public static string Writer(EncodedType type) =>
        $"static (ref {CallWriter} writer, {type.TypeName} value) => " +
        $"{{ {Write(type, "writer", "value")} }}";

    /// <summary>A <c>ResultReader</c> of the type.</summary>
    public static string Reader(EncodedType type) =>
        $"static (ref {PackReader} reader) => {Read(type, "reader")}";

    /// <summary>An expression that reads a value.</summary>
    public static string Read(EncodedType type, string reader) => type.Encoding switch
    {
        UnmanagedEncoding => $"{reader}.ReadUnmanaged<{type.TypeName}>()",
        CheckedEncoding known => $"{WireData}.Read{known.Name}(ref {reader})",
        TextEncoding => $"{WireData}.ReadString(ref {reader})",
        _ => $"{WireData}.Read(ref {reader}, {EncodingEmitter.Formatter(type)})",
    };
}
