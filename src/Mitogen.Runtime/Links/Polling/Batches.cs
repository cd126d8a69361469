namespace Mitogen.Links;

/// <summary>
/// Buffers for what is written at one time. A few are kept for the whole process, and none for each thread that ever sent something, as the
/// shared pool of arrays would.
/// </summary>
internal static class Batches
{
    /// <summary>The bytes of a buffer.</summary>
    public const int Size = 72 * 1024;

    private static readonly byte[]?[] s_kept = new byte[]?[8];

    public static byte[] Rent()
    {
        for (int i = 0; i < s_kept.Length; i++)
        {
            if (s_kept[i] is not null && Interlocked.Exchange(ref s_kept[i], null) is { } kept)
            {
                return kept;
            }
        }

        return GC.AllocateUninitializedArray<byte>(Size);
    }

    /// <summary>Keeps a buffer for later; an array of another size is left to the collector.</summary>
    public static void Return(byte[] batch)
    {
        for (int i = 0; batch.Length == Size && i < s_kept.Length; i++)
        {
            if (s_kept[i] is null)
            {
                s_kept[i] = batch; // two at once may lose one, which is the collector's then
                return;
            }
        }
    }
}
