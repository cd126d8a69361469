using System.Buffers.Binary;
using System.Numerics;

namespace Mitogen.Executables;

/// <summary>SHA-256 (FIPS 180-4). .NET's own needs OpenSSL, which a static executable cannot load.</summary>
internal static class Sha256
{
    /// <summary>The bytes that are mixed into the state at a time.</summary>
    public const int BlockSize = 64;

    // The fractional parts of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The state before the first block: the fractional parts of the square roots of the first 8 primes.</summary>
    public static uint[] Begin() => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    internal static byte[] Hash(ReadOnlySpan<byte> data)
    {
        uint[] state = Begin();
        int whole = data.Length / BlockSize * BlockSize;
        AddBlocks(state, data[..whole]);

        return Finish(state, data[whole..], data.Length);
    }

    /// <summary>Mixes in what is left, and gives the hash.</summary>
    /// <param name="state">The state; not to be used any more.</param>
    /// <param name="rest">The bytes behind the last whole block.</param>
    /// <param name="length">How many bytes there were in all.</param>
    public static byte[] Finish(uint[] state, ReadOnlySpan<byte> rest, long length)
    {
        // A one bit, zeros, and the length in bits.
        Span<byte> last = stackalloc byte[2 * BlockSize];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last = last[..(rest.Length < BlockSize - 8 ? BlockSize : 2 * BlockSize)];
        BinaryPrimitives.WriteUInt64BigEndian(last[^8..], (ulong)length * 8);
        AddBlocks(state, last);

        byte[] hash = new byte[32];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(4 * i), state[i]);
        }

        return hash;
    }

    /// <summary>Mixes whole blocks into the state.</summary>
    public static void AddBlocks(uint[] state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> words = stackalloc uint[64];
        for (; blocks.Length > 0; blocks = blocks[BlockSize..])
        {
            Spread(blocks, words);
            uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
            for (int i = 0; i < words.Length; i++)
            {
                uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
                uint one = h + s1 + ((e & f) ^ (~e & g)) + RoundConstants[i] + words[i];
                uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
                uint two = s0 + ((a & b) ^ (a & c) ^ (b & c));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }

    private static void Spread(ReadOnlySpan<byte> block, Span<uint> words)
    {
        for (int i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (int i = 16; i < words.Length; i++)
        {
            uint before = words[i - 15];
            uint close = words[i - 2];
            words[i] = words[i - 16] + words[i - 7]
                + (BitOperations.RotateRight(before, 7) ^ BitOperations.RotateRight(before, 18) ^ (before >> 3))
                + (BitOperations.RotateRight(close, 17) ^ BitOperations.RotateRight(close, 19) ^ (close >> 10));
        }
    }
}
