using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints what writes or reads one value.</summary>
internal static class PayloadEmitter
{
    /// <summary>One statement that appends <paramref name="value"/> to the writer.</summary>
    public static string Write(PayloadType type, string writer, string value) => type.Kind switch
    {
        PayloadKind.Unmanaged or PayloadKind.Checked => $"{writer}.WriteUnmanaged({value});",
        PayloadKind.Text => $"{Payload}.WriteString(ref {writer}, {value});",
        _ => $"{Payload}.Write(ref {writer}, {type.Target}, {value});",
    };

    /// <summary>A <c>ResultWriter</c> of the type.</summary>
    public static string Writer(PayloadType type) =>
        $"static (ref {CallWriter} writer, {type.TypeName} value) => " +
        $"{{ {Write(type, "writer", "value")} }}";

    /// <summary>A <c>ResultReader</c> of the type.</summary>
    public static string Reader(PayloadType type) =>
        $"static (ref {PackReader} reader) => {Read(type, "reader")}";

    /// <summary>An expression that reads a value.</summary>
    public static string Read(PayloadType type, string reader) => type.Kind switch
    {
        PayloadKind.Unmanaged => $"{reader}.ReadUnmanaged<{type.TypeName}>()",
        PayloadKind.Checked => $"{Payload}.{type.Target}(ref {reader})",
        PayloadKind.Text => $"{Payload}.ReadString(ref {reader})",
        _ => $"{Payload}.Read(ref {reader}, {type.Target})",
    };
}
