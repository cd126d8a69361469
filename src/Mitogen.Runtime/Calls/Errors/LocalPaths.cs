using System.Text;

namespace Mitogen.Calls;

/// <summary>Takes paths of files out of texts that go to contexts below: how this machine is laid out is not theirs to know.</summary>
internal static class LocalPaths
{
    private const string Instead = "(path)";
    private const string FileScheme = "file://";
    private const string Quotes = "'\"`";

    // The length that Linux allows a path.
    private const int MostCharacters = 4096;

    /// <summary>The text with <c>(path)</c> in the place of every absolute path, up to the closing quote or the next space.</summary>
    public static string Hide(string text)
    {
        StringBuilder? hidden = null;
        int copied = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (LengthAt(text, i) is var length && length > 0)
            {
                hidden ??= new StringBuilder();
                _ = hidden.Append(text, copied, i - copied).Append(Instead);
                copied = i + length;
                i = copied - 1;
            }
        }

        return hidden is null ? text : hidden.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The same for a text that is a name: one that is a path is one as a whole.</summary>
    public static string HideName(string name) => name.StartsWith('/') ? Instead : Hide(name);

    /// <summary>How long the path is that begins here; 0 if none does.</summary>
    private static int LengthAt(string text, int start)
    {
        int root = string.CompareOrdinal(text, start, FileScheme, 0, FileScheme.Length) == 0 ? start + FileScheme.Length : start;
        bool isBegin = start == 0 || char.IsWhiteSpace(text[start - 1]) || "'\"`([{<=,;:|".Contains(text[start - 1], StringComparison.Ordinal);
        if (!isBegin || root + 1 >= text.Length || text[root] != '/' || IsEnd(text[root + 1]) || (root == start && text[root + 1] == '/' && start > 0 && text[start - 1] == ':'))
        {
            return 0;
        }

        int end = start > 0 && Quotes.Contains(text[start - 1], StringComparison.Ordinal) ? ClosingQuote(text, root, text[start - 1]) : -1;
        for (end = end < 0 ? root : end; end < text.Length && !IsEnd(text[end]); end++)
        {
            // On to the end.
        }

        // A mark that ends the sentence is no part of it.
        while (end > root + 1 && text[end - 1] is '.' or ':' or '?' or '!')
        {
            end--;
        }

        return end - start;
    }

    private static int ClosingQuote(string text, int start, char quote)
    {
        int length = text.AsSpan(start, Math.Min(MostCharacters, text.Length - start)).IndexOfAny(quote, '\n');
        return length >= 0 && text[start + length] == quote ? start + length : -1;
    }

    private static bool IsEnd(char character) => char.IsWhiteSpace(character) || "'\"`)]}>,;|".Contains(character, StringComparison.Ordinal);
}
