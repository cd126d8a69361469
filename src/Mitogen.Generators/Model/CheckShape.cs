namespace Mitogen.Generators.Model;

/// <summary>What the bytes of a type must be like that the library reads.</summary>
internal abstract record CheckShape;

/// <summary>There is nothing to check: no member has the number, or the type is refused anyway.</summary>
internal sealed record NoCheckShape : CheckShape
{
    public static NoCheckShape Instance { get; } = new();
}

/// <summary>The check that a <see cref="CheckModel"/> describes.</summary>
/// <param name="Name">The name of the model.</param>
internal sealed record NamedCheckShape(string Name) : CheckShape;

/// <summary>A form that the runtime knows.</summary>
/// <param name="Form">Which.</param>
internal sealed record KnownCheckShape(KnownForm Form) : CheckShape;

/// <summary>A form of bytes that the runtime knows by this name.</summary>
internal enum KnownForm
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>An array of characters.</summary>
    Characters,

    /// <summary>Packed flags.</summary>
    Bits,

    /// <summary>A <c>System.Version</c>.</summary>
    Version,
}

/// <summary>Memory of a known layout.</summary>
/// <param name="Type">The type that has the layout.</param>
internal sealed record RawCheckShape(EncodedType Type) : CheckShape;

/// <summary>A count and elements.</summary>
/// <param name="Element">The check of an element.</param>
internal sealed record SequenceCheckShape(CheckShape Element) : CheckShape;

/// <summary>An array of several dimensions.</summary>
/// <param name="Rank">The number of dimensions.</param>
/// <param name="Element">The check of an element.</param>
internal sealed record GridCheckShape(int Rank, CheckShape Element) : CheckShape;

/// <summary>A value, or a mark that there is none.</summary>
/// <param name="Value">The check of the value.</param>
internal sealed record OptionalCheckShape(CheckShape Value) : CheckShape;

/// <summary>Parts one after the other.</summary>
/// <param name="Parts">Their checks.</param>
internal sealed record TupleCheckShape(EquatableArray<CheckShape> Parts) : CheckShape;

/// <summary>A collection of the program's own.</summary>
/// <param name="DisplayName">The type's name, for messages.</param>
/// <param name="Element">The check of an element.</param>
internal sealed record CollectionCheckShape(string DisplayName, CheckShape Element) : CheckShape;

/// <summary>The members of a class or struct.</summary>
/// <param name="DisplayName">The type's name, for messages.</param>
/// <param name="Order">How they are laid out.</param>
/// <param name="Members">Their checks.</param>
internal sealed record MembersCheckShape(string DisplayName, MemberOrder Order, EquatableArray<CheckShape> Members) : CheckShape;

/// <summary>How the library lays out the members of an object.</summary>
internal enum MemberOrder
{
    /// <summary>One after the other.</summary>
    Members,

    /// <summary>By their numbers, with their lengths.</summary>
    VersionTolerant,

    /// <summary>The same, with an id of the object.</summary>
    CircularReference,
}

/// <summary>A tag and a value of one of several types.</summary>
/// <param name="DisplayName">The type's name, for messages.</param>
/// <param name="Cases">Those types.</param>
internal sealed record UnionCheckShape(string DisplayName, EquatableArray<UnionCase> Cases) : CheckShape;

/// <summary>One of a union's types.</summary>
/// <param name="Tag">What stands for it.</param>
/// <param name="Check">Its check.</param>
internal sealed record UnionCase(ushort Tag, CheckShape Check);

/// <summary>A plain type, whose generated formatter the library uses, if the application registers no other.</summary>
/// <param name="Type">The type.</param>
/// <param name="Members">The check of what the generated formatter writes.</param>
internal sealed record PlainCheckShape(EncodedType Type, CheckShape Members) : CheckShape;

/// <summary>Bytes that only the library's formatter knows.</summary>
/// <param name="TypeName">The type as source.</param>
/// <param name="Formatter">Its formatter.</param>
internal sealed record UnknownCheckShape(string TypeName, LibraryFormatter Formatter) : CheckShape;
