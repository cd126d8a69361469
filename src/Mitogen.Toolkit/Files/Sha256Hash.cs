using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// SHA-256 (FIPS 180-4), by .NET where the machine has OpenSSL, else and in native programs by own code: .NET ends the process at the first use of a
/// hash if it finds no OpenSSL, and a machine with nothing but busybox has none. For one thread at a time.
/// </summary>
internal sealed class Sha256Hash : IDisposable
{
    private const int BlockSize = 64;

    private static readonly bool s_hasLibrary = RuntimeFeature.IsDynamicCodeSupported && HasLibrary();

    // The first 32 bits of the fractions of the cube roots of the first 64 primes.
    private static readonly uint[] s_rounds =
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

    private readonly IncrementalHash? _library;
    private readonly byte[] _open = new byte[BlockSize];
    private readonly uint[] _state =
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private long _length;

    /// <param name="useLibrary">Whether .NET's own is used where that is possible.</param>
    public Sha256Hash(bool useLibrary = true)
    {
        // A native program leaves that branch out: one that is linked statically can load no library.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            _library = useLibrary && s_hasLibrary ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_library is not null)
        {
            _library.AppendData(bytes);
            return;
        }

        int open = (int)(_length % BlockSize);
        _length += bytes.Length;
        if (open > 0)
        {
            int count = Math.Min(BlockSize - open, bytes.Length);
            bytes[..count].CopyTo(_open.AsSpan(open));
            bytes = bytes[count..];
            if (open + count < BlockSize)
            {
                return;
            }

            Mix(_open);
        }

        for (; bytes.Length >= BlockSize; bytes = bytes[BlockSize..])
        {
            Mix(bytes[..BlockSize]);
        }

        bytes.CopyTo(_open);
    }

    /// <summary>The hash; nothing can be added after it.</summary>
    public byte[] Finish()
    {
        if (_library is not null)
        {
            return _library.GetHashAndReset();
        }

        long bits = _length * 8;
        int open = (int)(_length % BlockSize);
        Span<byte> end = stackalloc byte[open < BlockSize - 8 ? BlockSize - open : (2 * BlockSize) - open];
        end.Clear();
        end[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(end[^8..], bits);
        Append(end);
        byte[] hash = new byte[32];
        for (int i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * 4), _state[i]);
        }

        return hash;
    }

    public void Dispose() => _library?.Dispose();

    private void Mix(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (int i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
        }

        for (int i = 16; i < 64; i++)
        {
            uint early = BitOperations.RotateRight(words[i - 15], 7) ^ BitOperations.RotateRight(words[i - 15], 18) ^ (words[i - 15] >> 3);
            uint late = BitOperations.RotateRight(words[i - 2], 17) ^ BitOperations.RotateRight(words[i - 2], 19) ^ (words[i - 2] >> 10);
            words[i] = words[i - 16] + early + words[i - 7] + late;
        }

        (uint a, uint b, uint c, uint d) = (_state[0], _state[1], _state[2], _state[3]);
        (uint e, uint f, uint g, uint h) = (_state[4], _state[5], _state[6], _state[7]);
        for (int i = 0; i < 64; i++)
        {
            uint upper = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint first = h + upper + ((e & f) ^ (~e & g)) + s_rounds[i] + words[i];
            uint lower = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint second = lower + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        ReadOnlySpan<uint> mixed = [a, b, c, d, e, f, g, h];
        for (int i = 0; i < mixed.Length; i++)
        {
            _state[i] += mixed[i];
        }
    }

    private static bool HasLibrary()
    {
        foreach (string name in (ReadOnlySpan<string>)["libssl.so.3", "libssl.so.1.1", "libssl.so.4"])
        {
            // It stays: .NET uses it next.
            if (NativeLibrary.TryLoad(name, out _))
            {
                return true;
            }
        }

        return false;
    }
}
