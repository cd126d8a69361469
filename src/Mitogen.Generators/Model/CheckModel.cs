namespace Mitogen.Generators.Model;

/// <summary>A check of the bytes of one type, held by a static field of the generated class.</summary>
/// <param name="Name">The field's name, made of the type alone.</param>
/// <param name="Check">The check; it needs no other field before it is used.</param>
internal sealed record CheckModel(string Name, CheckShape Check);
