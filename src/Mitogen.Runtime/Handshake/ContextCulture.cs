using System.Globalization;

namespace Mitogen.Handshake;

/// <summary>The names of the cultures that a tree's program formats and speaks in: the root's, wherever a part of it runs.</summary>
/// <param name="Format">Of <see cref="CultureInfo.CurrentCulture"/>.</param>
/// <param name="Texts">Of <see cref="CultureInfo.CurrentUICulture"/>.</param>
internal sealed record ContextCulture(string Format, string Texts)
{
    /// <summary>Those of the calling thread.</summary>
    public static ContextCulture Current => new(CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name);

    /// <summary>Makes them those of all threads of this process that choose no others.</summary>
    public void Use()
    {
        CultureInfo.DefaultThreadCurrentCulture = Find(Format);
        CultureInfo.DefaultThreadCurrentUICulture = Find(Texts);
    }

    private static CultureInfo Find(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            // A program that was built invariant has no other culture.
            return CultureInfo.InvariantCulture;
        }
    }
}
