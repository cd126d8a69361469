namespace Mitogen.Generators.Model;

/// <summary>What a formatter does.</summary>
internal abstract record FormatterShape
{
    /// <summary>Whether it writes memory, and others use its layout.</summary>
    public virtual bool IsRaw => false;
}

/// <summary>An array of one dimension or a known collection is written as a count and its elements.</summary>
/// <param name="Element">The type of an element.</param>
/// <param name="Collection">The collection; <see langword="null"/> for an array.</param>
internal sealed record SequenceShape(EncodedType Element, CollectionType? Collection) : FormatterShape;

/// <summary>A known collection.</summary>
/// <param name="Definition">The full metadata name of its definition.</param>
/// <param name="Arguments">Its type arguments, as source.</param>
internal sealed record CollectionType(string Definition, EquatableArray<string> Arguments);

/// <summary>An array of several dimensions is written as their lengths and its elements.</summary>
/// <param name="Rank">The number of dimensions.</param>
/// <param name="Element">The type of an element.</param>
internal sealed record GridShape(int Rank, EncodedType Element) : FormatterShape;

/// <summary>A nullable value is written as its memory where the value is, and else as a mark and the value.</summary>
/// <param name="Value">The type of the value.</param>
internal sealed record NullableShape(EncodedType Value) : FormatterShape
{
    public override bool IsRaw => Value.Encoding.IsRaw;
}

/// <summary>A lazy value is written as its value.</summary>
/// <param name="Value">The type of the value.</param>
internal sealed record LazyShape(EncodedType Value) : FormatterShape;

/// <summary>An enum is written as its memory.</summary>
internal sealed record EnumShape : FormatterShape
{
    public override bool IsRaw => true;
}

/// <summary>A <c>KeyValuePair</c> without references is written as its memory.</summary>
/// <param name="Key">The type of the key.</param>
/// <param name="Value">The type of the value.</param>
internal sealed record RawPairShape(EncodedType Key, EncodedType Value) : FormatterShape
{
    public override bool IsRaw => true;
}

/// <summary>A struct without references is written as its memory.</summary>
/// <param name="Fields">All its instance fields.</param>
/// <param name="Definition">The struct's definition, if it is generic: accessors of private fields are generic as it is.</param>
internal sealed record RawStructShape(EquatableArray<RawField> Fields, GenericDefinition? Definition) : FormatterShape
{
    public override bool IsRaw => true;
}

/// <summary>A field of a struct without references.</summary>
/// <param name="Name">Its name in metadata, such as <c>&lt;Width&gt;k__BackingField</c>; as source, if <paramref name="IsPublic"/>.</param>
/// <param name="TypeName">Its type as source; in a generic struct, as the definition has it.</param>
/// <param name="IsPublic">Whether generated code may name it.</param>
/// <param name="Type">Its type.</param>
internal sealed record RawField(string Name, string TypeName, bool IsPublic, EncodedType Type);

/// <summary>The members of a class or struct are written one after the other.</summary>
/// <param name="DisplayName">The type's name, for messages.</param>
/// <param name="IsValueType">Whether it is a struct.</param>
/// <param name="HasHeader">Whether the count of members is written before them; tuples and pairs have none.</param>
/// <param name="ChecksExactType">Whether classes may derive from it, whose members would be lost.</param>
/// <param name="IsRecursive">Whether a value can contain another of its type.</param>
/// <param name="Members">The members, in the order in which they are written.</param>
/// <param name="ConstructorArguments">The indexes of the members that the constructor takes.</param>
/// <param name="InitializedMembers">The indexes of the members that an object initializer sets.</param>
internal sealed record ObjectShape(
    string DisplayName,
    bool IsValueType,
    bool HasHeader,
    bool ChecksExactType,
    bool IsRecursive,
    EquatableArray<MemberModel> Members,
    EquatableArray<int> ConstructorArguments,
    EquatableArray<int> InitializedMembers) : FormatterShape;

/// <summary>A member of a class or struct.</summary>
/// <param name="Name">Its name as source.</param>
/// <param name="Type">Its type.</param>
internal sealed record MemberModel(string Name, EncodedType Type);

/// <summary>An abstract class is written as a tag and a value of one of the types derived from it.</summary>
/// <param name="DisplayName">The type's name, for messages.</param>
/// <param name="Cases">The derived types, in the order of their tags.</param>
internal sealed record UnionShape(string DisplayName, EquatableArray<EncodedType> Cases) : FormatterShape;

/// <summary>A contract is written as a reference to its object, which stays where it is.</summary>
/// <param name="ContractClass">The contract's generated class, as source names it.</param>
internal sealed record ContractShape(string ContractClass) : FormatterShape;

/// <summary>A stream of items is written as a reference to it; the items are sent by themselves.</summary>
/// <param name="Item">The type of an item.</param>
internal sealed record ItemsShape(EncodedType Item) : FormatterShape;

/// <summary>What is marked with <c>[MemoryPackable]</c> is written and read by the library, after a check of its bytes.</summary>
/// <param name="Formatter">The library's formatter.</param>
/// <param name="Check">The name of the check; <see langword="null"/> if the bytes cannot be checked.</param>
/// <param name="Checks">That check and those that it leads to.</param>
internal sealed record PackableShape(LibraryFormatter Formatter, string? Check, EquatableArray<CheckModel> Checks) : FormatterShape;
