using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

internal static class PayloadEmitter
{
    public static string Write(PayloadType type, string writer, string value) => $"{writer}.WriteValue<{type.TypeName}>({value});";

    public static string Read(PayloadType type, string reader) => $"{reader}.ReadValue<{type.TypeName}>()!";
}
