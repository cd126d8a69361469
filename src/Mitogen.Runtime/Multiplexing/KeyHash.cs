using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Mitogen.Interop;

namespace Mitogen.Multiplexing;

/// <summary>
/// Hashes numbers that another context chooses. Which of them meet in a table depends on numbers that this process keeps to itself; the
/// hash of <see cref="ulong"/> itself is the same for as many as one likes.
/// </summary>
internal sealed class KeyHash : IEqualityComparer<ulong>, IEqualityComparer<(ulong, ulong)>
{
    public static readonly KeyHash Instance = new();

    // A sum of products of the key's halves with random factors: two keys have the same upper half of it once in 2^31 choices of them.
    private readonly ulong[] _factors = new ulong[5];

    private KeyHash()
    {
        ReadOnlySpan<byte> random = Randomness.Bytes(_factors.Length * sizeof(ulong));
        for (int i = 0; i < _factors.Length; i++)
        {
            _factors[i] = BinaryPrimitives.ReadUInt64LittleEndian(random[(i * sizeof(ulong))..]);
        }
    }

    public bool Equals(ulong x, ulong y) => x == y;

    public int GetHashCode(ulong key) => Upper(Sum(key, 0));

    public bool Equals((ulong, ulong) x, (ulong, ulong) y) => x == y;

    public int GetHashCode((ulong, ulong) key) => Upper(Sum(key.Item1, 0) + Sum(key.Item2, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Sum(ulong key, int at) => ((uint)key * _factors[at]) + ((key >> 32) * _factors[at + 1]);

    private int Upper(ulong sum) => (int)((sum + _factors[4]) >> 32);
}
