namespace Mitogen.Generators.Model;

/// <summary>The declarations that got no code and no diagnostic, because the compiler reports errors in what they are made of.</summary>
/// <remarks>
/// They are written down in the assembly. If the errors are gone in the end, because another generator printed what was missing, an analyzer
/// finds them there.
/// </remarks>
/// <param name="Names">Their full metadata names.</param>
internal sealed record GivenUpModel(EquatableArray<string> Names)
{
    /// <summary>The key of the assembly's metadata.</summary>
    public const string Key = "Mitogen.GivenUp";

    /// <summary>The file.</summary>
    public const string HintName = "GivenUp.g.cs";
}
