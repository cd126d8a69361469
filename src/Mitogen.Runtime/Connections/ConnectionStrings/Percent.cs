using System.Globalization;
using System.Text;

namespace Mitogen.Connections;

/// <summary>Percent-encoding, as in URIs.</summary>
internal static class Percent
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a text can be encoded: it is well-formed, and has no control characters.</summary>
    public static bool CanEncode(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            // What stands in the place of half a surrogate pair could also stand there itself; it means nothing either way.
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="text">A text that can be encoded.</param>
    /// <param name="plain">What stands for itself, besides letters, digits and <c>-._~</c>.</param>
    public static string Encode(string text, string plain)
    {
        StringBuilder encoded = new(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || (rune.IsAscii && ("-._~".Contains((char)rune.Value) || plain.Contains((char)rune.Value))))
            {
                _ = encoded.Append(rune);
                continue;
            }

            foreach (byte one in bytes[..rune.EncodeToUtf8(bytes)])
            {
                _ = encoded.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
            }
        }

        return encoded.ToString();
    }

    /// <exception cref="FormatException">It is not well-formed, not UTF-8, or has control characters.</exception>
    public static string Decode(string text, TextSpan span)
    {
        StringBuilder decoded = new(span.Length);
        for (int i = span.Start; i < span.End;)
        {
            if (text[i] == '%')
            {
                i = DecodeRun(text, i, span.End, decoded);
            }
            else
            {
                _ = decoded.Append(char.IsControl(text[i]) ? throw NoControl(text, i) : text[i++]);
            }
        }

        return decoded.ToString();
    }

    /// <summary>Decodes bytes that stand next to each other, which may be one character; returns where they end.</summary>
    private static int DecodeRun(string text, int start, int end, StringBuilder decoded)
    {
        List<byte> bytes = [];
        int at = start;
        for (; at < end && text[at] == '%'; at += 3)
        {
            bytes.Add(at + 2 < end
                && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte one)
                ? one
                : throw ConnectionStringError.Expected(text, at + 1, "two hexadecimal digits"));
        }

        string run;
        try
        {
            run = s_strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw ConnectionStringError.Expected(text, start, "UTF-8");
        }

        _ = decoded.Append(run.Any(char.IsControl) ? throw NoControl(text, start) : run);
        return at;
    }

    private static FormatException NoControl(string text, int position) =>
        ConnectionStringError.Expected(text, position, "no control character");
}
