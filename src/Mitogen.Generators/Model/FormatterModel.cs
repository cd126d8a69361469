namespace Mitogen.Generators.Model;

/// <summary>A formatter of one closed type, held by a static field of the generated class.</summary>
/// <param name="Name">The field's name, made of the type alone, so that contracts share it.</param>
/// <param name="TypeName">The type as source, without nullable annotations.</param>
/// <param name="Level">Greater than the level of every formatter that it is made of.</param>
/// <param name="Shape">What it does.</param>
internal sealed record FormatterModel(string Name, string TypeName, int Level, FormatterShape Shape)
{
    /// <summary>Whether the library's provider is told of it; types marked with <c>[MemoryPackable]</c> tell it themselves.</summary>
    public bool IsRegistered => Shape is not PackableShape;

    /// <summary>The checks that it uses, for a type that the library reads.</summary>
    public EquatableArray<CheckModel> Checks => Shape is PackableShape packable ? packable.Checks : default;
}
