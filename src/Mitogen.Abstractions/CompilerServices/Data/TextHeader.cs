namespace Mitogen.CompilerServices;

/// <summary>The head of a string: its count of characters, or the complement of its count of UTF-8 bytes and then its characters.</summary>
internal static class TextHeader
{
    /// <summary>The size in bytes of a string with its head; throws unless it fits.</summary>
    /// <remarks>
    /// The library adds to the byte count before it compares it with what is left; near int.MaxValue the sum wraps, and it reads memory
    /// that is not the message's. And it reserves room for as many characters as are said, up to three times of what is left.
    /// </remarks>
    /// <param name="length">The first number.</param>
    /// <param name="characters">The second number, if the first is less than -1.</param>
    /// <param name="remaining">How many bytes there are, from the first number on.</param>
    public static int SizeOf(int length, int characters, long remaining)
    {
        long size = length switch
        {
            >= 0 => sizeof(int) + ((long)sizeof(char) * length),
            -1 => sizeof(int),
            _ => (2 * sizeof(int)) + (long)~length,
        };
        if (size > remaining)
        {
            WireData.ThrowInvalid($"A string says that it takes {size} bytes; {remaining} are left.");
        }

        // No character takes less than one byte of UTF-8.
        if (length < -1 && characters > ~length)
        {
            WireData.ThrowInvalid($"A string says that its {~length} bytes are {characters} characters.");
        }

        return (int)size;
    }
}
