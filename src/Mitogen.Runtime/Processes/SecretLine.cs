using System.Text;

namespace Mitogen.Processes;

/// <summary>A secret as it is typed: its bytes, and the Enter key.</summary>
internal static class SecretLine
{
    /// <summary>The longest that a terminal takes at once.</summary>
    private const int MaxLine = 4095;

    /// <exception cref="ArgumentException">
    /// It has characters that a terminal acts on, or that end a line: what follows them would go to whoever reads next. Or it is too long.
    /// </exception>
    public static byte[] Of(Secret secret)
    {
        string text = secret.Reveal();
        int count = Encoding.UTF8.GetByteCount(text);
        if (text.Any(char.IsControl) || count >= MaxLine)
        {
            throw new ArgumentException("The secret cannot be typed: it has control characters, or is too long for one line.", nameof(secret));
        }

        // No other copy is made of it, and whoever types these bytes clears them.
        byte[] line = new byte[count + 1];
        _ = Encoding.UTF8.GetBytes(text, line);
        line[^1] = (byte)'\n';
        return line;
    }
}
