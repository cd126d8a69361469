namespace Mitogen.Generators.Dependencies;

/// <summary>Stands for all that a parse depends on.</summary>
/// <param name="Text">Of the declarations' text: as long as it is the same, so is what a parse finds out.</param>
/// <param name="Place">Of the versions of the files that hold them: as long as it is the same, too, so are the places in source.</param>
internal readonly record struct Fingerprint(ulong Text, ulong Place)
{
    public Fingerprint With(Fingerprint other)
    {
        StableHash text = default;
        text.Add(Text);
        text.Add(other.Text);
        StableHash place = default;
        place.Add(Place);
        place.Add(other.Place);
        return new(text.Value, place.Value);
    }
}
