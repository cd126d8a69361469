using System.Diagnostics.CodeAnalysis;

namespace Mitogen.CompilerServices;

/// <summary>Finds halves of surrogate pairs, which have no form in UTF-8.</summary>
internal static class HalfPairs
{
    /// <summary>Where the first one is; -1 if there is none.</summary>
    public static int Find(ReadOnlySpan<char> text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int next = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }

    [DoesNotReturn]
    public static void Throw(string text)
    {
        int at = Find(text);
        WireData.ThrowInvalid(
            $"A text has half a surrogate pair at its character {at} (U+{(int)text[at]:X4}), which no encoding has a form for: was a text cut there? "
            + "Send whole characters, or a char[].");
    }
}
