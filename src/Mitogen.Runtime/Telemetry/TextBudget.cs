using System.Buffers;
using System.Text;

namespace Mitogen.Telemetry;

/// <summary>How many characters the texts of a record may still have on its way to the root.</summary>
internal sealed class TextBudget(int characters)
{
    private int _left = characters;

    /// <summary>Whether nothing more fits.</summary>
    public bool IsSpent => _left <= 0;

    /// <summary>The text as it can be sent, out of the budget: what is too long is cut, and says so.</summary>
    public string Take(string text, int most)
    {
        string sendable = Sendable(text, Math.Max(0, Math.Min(most, _left)));
        _left -= sendable.Length;
        return sendable;
    }

    /// <summary>
    /// The text as it can be sent: what is too long is cut, and says so, and half a surrogate pair, which has no bytes in UTF-8, is replaced.
    /// </summary>
    public static string Sendable(string text, int most)
    {
        if (text.Length > most)
        {
            text = $"{text.AsSpan(0, most)}... (cut: it has {text.Length} characters)";
        }

        return IsWellFormed(text) ? text : string.Concat(text.EnumerateRunes().Select(r => r.ToString()));
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (text = start < 0 ? default : text[start..]; !text.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
