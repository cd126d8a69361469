using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Mitogen.Executables;

/// <summary>An executable as a shell gets it.</summary>
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

    /// <summary>Their number when they are unpacked.</summary>
    /// <exception cref="InvalidDataException">They are not what gzip makes.</exception>
    /// <exception cref="EndOfStreamException">They are fewer than <see cref="Size"/> says.</exception>
    public ReadOnlyMemory<byte> Unpack()
    {
        if (!IsCompressed)
        {
            return Bytes;
        }

        byte[] bytes = new byte[Size];
        _ = MemoryMarshal.TryGetArray(Bytes, out ArraySegment<byte> packed); // an array's, wherever it is made
        using GZipStream gzip = new(new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false), CompressionMode.Decompress);
        gzip.ReadExactly(bytes);
        return bytes;
    }
}
