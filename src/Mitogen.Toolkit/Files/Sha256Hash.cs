using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mitogen.Executables;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// SHA-256 (FIPS 180-4), by .NET where the machine has OpenSSL, else and in native programs by own code: .NET ends the process at the first use of a
/// hash if it finds no OpenSSL, and a machine with nothing but busybox has none. For one thread at a time.
/// </summary>
internal sealed class Sha256Hash : IDisposable
{
    private static readonly bool s_hasLibrary = RuntimeFeature.IsDynamicCodeSupported && HasLibrary();

    private readonly IncrementalHash? _library;
    private readonly byte[] _open = new byte[Sha256.BlockSize];
    private readonly uint[] _state = Sha256.Begin();
    private long _length;

    private int OpenCount => (int)(_length % Sha256.BlockSize);

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

        int open = OpenCount;
        _length += bytes.Length;
        if (open > 0)
        {
            int count = Math.Min(Sha256.BlockSize - open, bytes.Length);
            bytes[..count].CopyTo(_open.AsSpan(open));
            bytes = bytes[count..];
            if (open + count < Sha256.BlockSize)
            {
                return;
            }

            Sha256.AddBlocks(_state, _open);
        }

        int whole = bytes.Length / Sha256.BlockSize * Sha256.BlockSize;
        Sha256.AddBlocks(_state, bytes[..whole]);
        bytes[whole..].CopyTo(_open);
    }

    /// <summary>The hash; nothing can be added after it.</summary>
    public byte[] Finish() => _library?.GetHashAndReset() ?? Sha256.Finish(_state, _open.AsSpan(0, OpenCount), _length);

    public void Dispose() => _library?.Dispose();

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
