using System.Text;

namespace Mitogen.Toolkit;

/// <summary>
/// Paths as text. A path on Linux is bytes, nearly always UTF-8, and such a path is its plain text. Each byte that is no part of valid UTF-8
/// is a character of its own, <c>U+EF00</c> plus the byte, from <c>U+EF80</c> to <c>U+EFFF</c>. These characters are for private use; should
/// a name hold one of them as UTF-8, its three bytes are written in that way too. So each sequence of bytes is one text, and comes back from
/// it unchanged.
/// </summary>
/// <remarks>All members of <see cref="IFiles"/> give and take paths of this form. Members are thread-safe.</remarks>
public static class PathBytes
{
    private const char First = '\uEF80';
    private const char Last = '\uEFFF';
    private const int Offset = 0xEF00;

    /// <summary>The text of a path.</summary>
    /// <param name="bytes">The path as the operating system has it, without the zero at its end.</param>
    /// <returns>Its text.</returns>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        StringBuilder text = new(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            bool isValid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (isValid && !IsEscape(rune.Value))
            {
                _ = text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else
            {
                foreach (byte part in bytes[..length])
                {
                    _ = text.Append((char)(Offset + part));
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a path.</summary>
    /// <param name="path">Its text.</param>
    /// <returns>The path as the operating system has it, without the zero at its end.</returns>
    /// <exception cref="ArgumentException">The text is empty, holds a character 0 or half a surrogate pair.</exception>
    public static byte[] Encode(string path) => ToTerminated(path)[..^1];

    /// <summary>A path for people: a byte that is no part of valid UTF-8 is written as <c>\xE4</c>.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The text, which does not lead back to the path.</returns>
    public static string Display(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.AsSpan().IndexOfAnyInRange(First, Last) < 0
            ? path
            : string.Concat(path.Select(static c => IsEscape(c) ? $"\\x{c - Offset:X2}" : c.ToString()));
    }

    /// <summary>The bytes with the zero behind them that the operating system wants.</summary>
    internal static byte[] ToTerminated(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<byte> bytes = new(path.Length + 1);
        Span<byte> encoded = stackalloc byte[4];
        for (ReadOnlySpan<char> rest = path; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != System.Buffers.OperationStatus.Done || rune.Value == 0)
            {
                throw new ArgumentException(
                    rest[0] == 0 ? "A path cannot hold the character 0." : "A path cannot hold half a surrogate pair (see PathBytes).", nameof(path));
            }

            if (IsEscape(rune.Value))
            {
                bytes.Add((byte)(rune.Value - Offset));
            }
            else
            {
                bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            }

            rest = rest[length..];
        }

        bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>The text of a path that ends with a zero.</summary>
    internal static string OfTerminated(ReadOnlySpan<byte> bytes) => Decode(bytes[..^1]);

    private static bool IsEscape(int value) => value is >= First and <= Last;
}
