using System.Buffers;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Mitogen.Toolkit.Transfers;

/// <summary>Adds what is there already to the hash of a content. It may be terabytes, so it can be given up.</summary>
internal static class ContentHash
{
    private const int Stretch = 256 * 1024;

    private static readonly byte[] s_zeros = new byte[Stretch];

    /// <summary>Adds the first bytes of a file.</summary>
    /// <returns>Whether it has as many.</returns>
    public static bool TryAppend(this XxHash128 hash, SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Stretch);
        try
        {
            for (long offset = 0; offset < length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(Stretch, length - offset)), offset);
                if (count == 0)
                {
                    return false;
                }

                hash.Append(buffer.AsSpan(0, count));
                offset += count;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Adds the zeros of a hole.</summary>
    public static void AppendZeros(this XxHash128 hash, long count, CancellationToken cancellationToken)
    {
        for (; count > 0; count -= Stretch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.Append(s_zeros.AsSpan(0, (int)Math.Min(count, Stretch)));
        }
    }
}
