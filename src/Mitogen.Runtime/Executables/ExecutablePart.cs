namespace Mitogen.Executables;

/// <summary>A part of a native executable on its way from a context to one that it started, or the answer that there is none.</summary>
/// <param name="Missing">Why there is none.</param>
/// <param name="Length">How many bytes all parts have together: the executable by gzip.</param>
/// <param name="Size">How many they are when they are unpacked.</param>
/// <param name="Bytes">Those from where the part was asked for.</param>
internal sealed record ExecutablePart(string? Missing, int Length, long Size, byte[] Bytes)
{
    // The bytes that a child can make its parent copy with each call.
    private const int MostBytes = 128 * 1024;

    // More than the other members take in a message.
    private const int Overhead = 64;

    internal static ExecutablePart None(string why) => new(why, 0, 0, []);

    /// <param name="packed">The executable by gzip.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="maxMessageSize">The bound of the message that carries it.</param>
    internal static ExecutablePart Of(Packed packed, int offset, int maxMessageSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, packed.Bytes.Length);
        int count = Math.Min(packed.Bytes.Length - offset, Math.Min(MostBytes, maxMessageSize - Overhead));
        return new ExecutablePart(null, packed.Bytes.Length, packed.Size, packed.Bytes.Slice(offset, count).ToArray());
    }
}
