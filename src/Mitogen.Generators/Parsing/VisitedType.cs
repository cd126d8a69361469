using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>How one type is written and read, as far as the formatters made of it need to know.</summary>
/// <param name="Type">The type and its encoding.</param>
/// <param name="Level">The level of the formatter; 0 if it depends on no other.</param>
internal sealed record VisitedType(EncodedType Type, int Level = 0)
{
    /// <summary>Stands for what was refused.</summary>
    public static VisitedType Unsupported { get; } = new(new EncodedType("", new UnsupportedEncoding()));

    public WireEncoding Encoding => Type.Encoding;

    public bool IsRaw => Encoding.IsRaw;

    public static VisitedType Of(string typeName, WireEncoding encoding) => new(new EncodedType(typeName, encoding));
}
