namespace Mitogen.Generators;

/// <summary>Makes ids of hashes.</summary>
internal static class HashPrefix
{
    /// <summary>The first bytes of a hash as a number, big-endian.</summary>
    public static ulong Of(byte[] hash, int bytes)
    {
        ulong value = 0;
        foreach (byte b in hash.Take(bytes))
        {
            value = (value << 8) | b;
        }

        return value;
    }
}
