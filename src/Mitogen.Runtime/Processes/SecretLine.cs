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
        return text.Any(char.IsControl) || Encoding.UTF8.GetByteCount(text) >= MaxLine
            ? throw new ArgumentException("The secret cannot be typed: it has control characters, or is too long for one line.", nameof(secret))
            : Encoding.UTF8.GetBytes(text + "\n");
    }
}
