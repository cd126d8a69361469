using System.IO.Compression;

namespace Mitogen.Bootstrap;

/// <summary>A payload as a shell gets it.</summary>
/// <param name="Bytes">As they are sent.</param>
/// <param name="Size">How many they are when they are unpacked.</param>
/// <param name="IsCompressed">Whether <c>gzip</c> unpacks them.</param>
internal sealed record Packed(ReadOnlyMemory<byte> Bytes, long Size, bool IsCompressed)
{
    public static Packed Compress(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream compressed = new(bytes.Length / 2);
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return new Packed(compressed.GetBuffer().AsMemory(0, (int)compressed.Length), bytes.Length, IsCompressed: true);
    }
}
