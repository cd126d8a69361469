using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>How one type is written and read, as far as the formatters made of it need to know.</summary>
/// <param name="Type">The type and its encoding.</param>
/// <param name="Level">The level of the formatter; 0 if it depends on no other.</param>
internal sealed record Payload(EncodedType Type, int Level = 0)
{
    /// <summary>Stands for what was refused.</summary>
    public static Payload Unsupported { get; } = new(new EncodedType("", new UnsupportedEncoding()));

    public PayloadEncoding Encoding => Type.Encoding;

    public bool IsRaw => Encoding.IsRaw;

    public static Payload Of(string typeName, PayloadEncoding encoding) => new(new EncodedType(typeName, encoding));
}
