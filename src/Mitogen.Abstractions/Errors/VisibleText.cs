using System.Globalization;
using System.Text;

namespace Mitogen;

/// <summary>
/// Shows text of other contexts, so that a terminal or a log prints it and obeys nothing in it. Characters that control something become
/// visible: <c>\n</c>, <c>\r</c>, <c>\x1b</c>, <c>\u202e</c> or <c>\u{e0001}</c>. These are the Unicode categories of control and format characters
/// (escapes, C1, bidirectional controls, what has no width) and line separators; a tab and the two joiners, which scripts and emoji need, stay.
/// Half a surrogate pair becomes U+FFFD. A text that is visible already is not changed, so that a text reads the same after every hop.
/// </summary>
internal static class VisibleText
{
    /// <summary>The beginning of a text's lines, from the second on, where a line that begins at the margin would speak for somebody else.</summary>
    public const string Indent = "    ";

    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>A text as one line.</summary>
    public static string Line(string text) => Show(text, keepsLines: false);

    /// <summary>A text whose lines stay lines.</summary>
    public static string Lines(string text) => Show(text, keepsLines: true);

    /// <summary>A text whose lines stay lines, all but the first of them indented.</summary>
    public static string Indented(string text)
    {
        string shown = Lines(text);
        return shown.Contains('\n', StringComparison.Ordinal) ? string.Join('\n', shown.Split('\n').Select(IndentLine)) : shown;

        static string IndentLine(string line, int index) =>
            index == 0 || line.Length == 0 || line.StartsWith(Indent, StringComparison.Ordinal) ? line : Indent + line;
    }

    private static string Show(string text, bool keepsLines)
    {
        int start = FirstHidden(text, keepsLines);
        if (start == text.Length)
        {
            return text;
        }

        StringBuilder shown = new(text, 0, start, text.Length + 16);
        ReadOnlySpan<char> rest = text.AsSpan(start);
        while (!rest.IsEmpty)
        {
            // Half a pair is decoded as the replacement character.
            _ = Rune.DecodeFromUtf16(rest, out Rune rune, out int length);
            rest = rest[length..];
            if (!IsHidden(rune.Value, keepsLines))
            {
                _ = shown.Append(rune.ToString());
                continue;
            }

            _ = rune.Value switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                <= 0xFF => shown.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xFFFF => shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
            };
        }

        return shown.ToString();
    }

    /// <summary>Where the first character stands that cannot stay as it is; the text's length if all can.</summary>
    private static int FirstHidden(string text, bool keepsLines)
    {
        for (int i = 0; i < text.Length; i++)
        {
            // A pair is looked at as a whole, later: few texts have one.
            if (char.IsSurrogate(text[i]) || IsHidden(text[i], keepsLines))
            {
                return i;
            }
        }

        return text.Length;
    }

    private static bool IsHidden(int character, bool keepsLines) => character switch
    {
        '\t' => false,
        '\n' => !keepsLines,
        < ' ' => true,
        < 0x7F => false,
        <= 0x9F => true,
        ZeroWidthNonJoiner or ZeroWidthJoiner => false,
        _ => CharUnicodeInfo.GetUnicodeCategory(character)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };
}
