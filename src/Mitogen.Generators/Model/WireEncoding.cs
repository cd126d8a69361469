namespace Mitogen.Generators.Model;

/// <summary>How a value is written and read.</summary>
/// <param name="IsRaw">Whether it is the value's memory, whose layout others can ask for.</param>
internal abstract record WireEncoding(bool IsRaw);

/// <summary>As its memory, every pattern of which is a value.</summary>
internal sealed record UnmanagedEncoding() : WireEncoding(IsRaw: true);

/// <summary>As its memory, of which some patterns are no value.</summary>
/// <param name="Name">What the runtime calls the type, such as <c>Boolean</c>.</param>
internal sealed record CheckedEncoding(string Name) : WireEncoding(IsRaw: true);

/// <summary>As a string.</summary>
internal sealed record TextEncoding() : WireEncoding(IsRaw: false);

/// <summary>By a formatter that the runtime has.</summary>
/// <param name="Name">What the runtime calls the type, such as <c>DateTime</c>.</param>
/// <param name="IsRaw">Whether the formatter writes memory.</param>
internal sealed record ProvidedEncoding(string Name, bool IsRaw) : WireEncoding(IsRaw);

/// <summary>As a reference to a stream of bytes, which stays where it is.</summary>
/// <param name="Name">The name of its type.</param>
internal sealed record ByteStreamEncoding(string Name) : WireEncoding(IsRaw: false);

/// <summary>By a formatter that a <see cref="FormatterModel"/> describes.</summary>
/// <param name="Namespace">The namespace of what is generated for the assembly.</param>
/// <param name="Formatter">The name of the model.</param>
/// <param name="IsRaw">Whether the formatter writes memory.</param>
internal sealed record GeneratedEncoding(string Namespace, string Formatter, bool IsRaw) : WireEncoding(IsRaw);

/// <summary>It cannot be sent.</summary>
internal sealed record UnsupportedEncoding() : WireEncoding(IsRaw: false);

/// <summary>A type and how its values are written and read.</summary>
/// <param name="TypeName">The type as source; as a part of another type without nullable annotations.</param>
/// <param name="Encoding">How its values are written and read.</param>
internal record EncodedType(string TypeName, WireEncoding Encoding);
