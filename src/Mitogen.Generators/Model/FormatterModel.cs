namespace Mitogen.Generators.Model;

/// <summary>A formatter of one closed type, held by a static field of the generated class.</summary>
/// <param name="Name">The field's name, made of the type alone, so that contracts share it.</param>
/// <param name="TypeName">The type as source, without nullable annotations.</param>
/// <param name="Level">Greater than the level of every formatter that <paramref name="Expression"/> mentions.</param>
/// <param name="Expression">
/// The expression that creates it; a class named <c>NameFormatter</c> if <paramref name="Shape"/> is given.
/// </param>
/// <param name="Shape">The members, if code is generated for it.</param>
internal sealed record FormatterModel(string Name, string TypeName, int Level, string Expression, FormatterShape? Shape)
{
    /// <summary>Whether the field is a <c>RawFormatter</c>, whose layout others use.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Whether the library's provider is told of it; types marked with <c>[MemoryPackable]</c> tell it themselves.</summary>
    public bool IsRegistered { get; init; } = true;

    /// <summary>The checks that <see cref="Expression"/> leads to, for a type that the library reads.</summary>
    public EquatableArray<CheckModel> Checks { get; init; }
}

/// <summary>The work of a generated formatter class.</summary>
internal abstract record FormatterShape;

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

/// <summary>A struct without references is written as its memory.</summary>
/// <param name="Fields">All its instance fields.</param>
/// <param name="Definition">The struct's definition, if it is generic: accessors of private fields are generic as it is.</param>
internal sealed record RawShape(EquatableArray<RawField> Fields, GenericDefinition? Definition) : FormatterShape;

/// <summary>An abstract class is written as a tag and a value of one of the types derived from it.</summary>
/// <param name="DisplayName">The type's name, for messages.</param>
/// <param name="Cases">The derived types, in the order of their tags.</param>
internal sealed record UnionShape(string DisplayName, EquatableArray<PayloadType> Cases) : FormatterShape;

/// <summary>A generic struct.</summary>
/// <param name="TypeName">The definition as source, such as <c>global::Box&lt;T&gt;</c>.</param>
/// <param name="Parameters">Its type parameters, in angle brackets.</param>
/// <param name="Arguments">The type arguments, in angle brackets.</param>
/// <param name="Constraints">Its constraints, as source.</param>
internal sealed record GenericDefinition(string TypeName, string Parameters, string Arguments, string Constraints);

/// <summary>A member of a class or struct.</summary>
/// <param name="Name">Its name as source.</param>
/// <param name="Type">Its type.</param>
internal sealed record MemberModel(string Name, PayloadType Type);

/// <summary>A field of a struct without references.</summary>
/// <param name="Name">Its name in metadata, such as <c>&lt;Width&gt;k__BackingField</c>; as source, if <paramref name="IsPublic"/>.</param>
/// <param name="TypeName">Its type as source; in a generic struct, as the definition has it.</param>
/// <param name="IsPublic">Whether generated code may name it.</param>
/// <param name="Layout">An expression that yields its type's layout.</param>
internal sealed record RawField(string Name, string TypeName, bool IsPublic, string Layout);
