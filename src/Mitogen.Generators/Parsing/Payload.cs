using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>How one type is written and read, as far as the formatters made of it need to know.</summary>
/// <param name="TypeName">The type as source, without nullable annotations.</param>
/// <param name="Kind">How it is written and read.</param>
/// <param name="Target">See <see cref="PayloadType.Target"/>.</param>
/// <param name="Level">The level of the formatter; 0 if it depends on no other.</param>
/// <param name="Layout">An expression that yields its layout, if it holds no references.</param>
internal sealed record Payload(string TypeName, PayloadKind Kind, string Target = "", int Level = 0, string? Layout = null)
{
    private const string Services = "global::Mitogen.CompilerServices.";

    public bool IsRaw => Layout is not null;

    /// <summary>An expression that yields its formatter.</summary>
    public string Formatter => Kind switch
    {
        PayloadKind.Unmanaged or PayloadKind.Checked => $"new {Services}RawFormatter<{TypeName}>({Layout})",
        PayloadKind.Text => $"{Services}PayloadFormatters.ForString",
        _ => Target,
    };

    /// <summary>The same as an element of a collection, which copies in bulk where there is nothing to check.</summary>
    public string ElementFormatter => Kind == PayloadKind.Unmanaged ? "null" : Formatter;

    public PayloadType Type => new(TypeName, Kind, default, null) { Target = Target };

    public static Payload Unsupported(string typeName) => new(typeName, PayloadKind.Unsupported);

    public static Payload Unmanaged(string typeName) =>
        new(typeName, PayloadKind.Unmanaged, Layout: $"{Services}RawLayout.Plain<{typeName}>()");

    public static Payload Checked(string typeName, string name) =>
        new(typeName, PayloadKind.Checked, "Read" + name, Layout: $"{Services}RawLayout.For{name}");

    public static Payload Provided(string typeName, string name) =>
        new(typeName, PayloadKind.Formatted, $"{Services}PayloadFormatters.For{name}");
}
