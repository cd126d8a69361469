namespace Mitogen.Generators.Model;

/// <summary>A generic struct.</summary>
/// <param name="TypeName">The definition as source, such as <c>global::Box&lt;T&gt;</c>.</param>
/// <param name="Parameters">Its type parameters.</param>
/// <param name="Arguments">The type arguments, as source.</param>
internal sealed record GenericDefinition(string TypeName, EquatableArray<TypeParameter> Parameters, EquatableArray<string> Arguments);

/// <summary>A type parameter.</summary>
/// <param name="Name">Its name as source.</param>
/// <param name="Kind">What its arguments must be.</param>
/// <param name="Bases">What they must derive from or implement, as source.</param>
/// <param name="HasConstructor">Whether they must have a constructor without parameters.</param>
/// <param name="AllowsRefStruct">Whether they may live on the stack alone.</param>
internal sealed record TypeParameter(string Name, ConstraintKind Kind, EquatableArray<string> Bases, bool HasConstructor, bool AllowsRefStruct);

/// <summary>What the arguments of a type parameter must be.</summary>
internal enum ConstraintKind
{
    Any,
    Unmanaged,
    Struct,
    Class,

    /// <summary>A class, or a nullable reference to one.</summary>
    NullableClass,

    NotNull,
}
