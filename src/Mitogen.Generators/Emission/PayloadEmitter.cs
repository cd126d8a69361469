using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

/// <summary>Prints what writes or reads one value.</summary>
internal static class PayloadEmitter
{
    private const string Payload = "global::Mitogen.CompilerServices.Payload";

    /// <summary>One statement that appends <paramref name="value"/> to the writer.</summary>
    public static string Write(PayloadType type, string writer, string value) => type.Kind switch
    {
        PayloadKind.Unmanaged or PayloadKind.Checked => $"{writer}.WriteUnmanaged({value});",
        PayloadKind.Text => $"{writer}.WriteString({value});",
        _ => $"{Payload}.Write(ref {writer}, {type.Target}, {value});",
    };

    /// <summary>An expression that reads a value.</summary>
    public static string Read(PayloadType type, string reader) => type.Kind switch
    {
        PayloadKind.Unmanaged => $"{reader}.ReadUnmanaged<{type.TypeName}>()",
        PayloadKind.Checked => $"{Payload}.{type.Target}(ref {reader})",
        PayloadKind.Text => $"{Payload}.ReadString(ref {reader})",
        _ => $"{Payload}.Read(ref {reader}, {type.Target})",
    };
}
