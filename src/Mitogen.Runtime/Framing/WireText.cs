using System.Text;

namespace Mitogen.Framing;

/// <summary>Texts for people in frames: UTF-8, cut between two characters.</summary>
internal static class WireText
{
    /// <summary>As many of the text's first characters as fit.</summary>
    public static byte[] Write(string text, int maxBytes)
    {
        // Before it is encoded: a text may be much longer than what is sent of it.
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text.Length > maxBytes ? text[..maxBytes] : text);
        return Cut(bytes, maxBytes).ToArray();
    }

    /// <summary>Reads a text, of which no more is kept than the other side may send.</summary>
    public static string Read(ReadOnlySpan<byte> bytes, int maxBytes) => Encoding.UTF8.GetString(Cut(bytes, maxBytes));

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        if (bytes.Length <= maxBytes)
        {
            return bytes;
        }

        int end = maxBytes;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return bytes[..end];
    }
}
