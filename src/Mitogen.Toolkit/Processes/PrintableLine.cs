using System.Globalization;
using System.Text;

namespace Mitogen.Toolkit;

/// <summary>A line of another machine, for messages: control characters and those that turn the direction of text around are visible.</summary>
internal static class PrintableLine
{
    public static string Of(string line)
    {
        StringBuilder? text = null;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c != '\t' && (char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator))
            {
                text ??= new StringBuilder(line, 0, i, line.Length + 16);
                _ = text.Append(c < 0x100 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}");
            }
            else
            {
                _ = text?.Append(c);
            }
        }

        return text?.ToString() ?? line;
    }
}
