using System.Text;

namespace Mitogen.Logging;

/// <summary>Mends texts that were cut in the middle of a character.</summary>
internal static class WholeCharacters
{
    /// <summary>Whether a text may hold half a surrogate pair.</summary>
    public static bool AreMissing(string? text) => text is not null && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    // The encoder puts U+FFFD in the place of each half.
    public static string? Of(string? text) => AreMissing(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text!)) : text;
}
