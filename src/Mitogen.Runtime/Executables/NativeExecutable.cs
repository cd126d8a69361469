namespace Mitogen.Executables;

/// <summary>The program as one executable for one kind of machine.</summary>
/// <remarks>Compressed, it is kept for all starts. Safe for use by several threads at once.</remarks>
internal abstract class NativeExecutable(string rid)
{
    /// <summary>The runtime identifier.</summary>
    internal string Rid => rid;

    /// <summary>The executable by gzip, as it is kept, and given to other contexts.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal abstract Task<Packed> CompressAsync();

    /// <summary>The executable as a shell is sent it.</summary>
    /// <param name="isCompressed">Whether by gzip.</param>
    /// <returns>The bytes, and what they need on their target.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It came from elsewhere, and not whole.</exception>
    internal abstract Task<PackedFile> PackAsync(bool isCompressed);

    /// <summary>Makes a file of it on this machine, if it is none.</summary>
    /// <exception cref="IOException">It cannot be made one.</exception>
    internal abstract LocalExecutable PlaceHere();

    /// <param name="bytes">The executable.</param>
    /// <param name="loader">See <see cref="Loader"/>.</param>
    internal sealed class PackedFile(Packed bytes, string? loader)
    {
        private readonly Lazy<string> _hash = new(() => Convert.ToHexStringLower(Sha256.Hash(bytes.Unpack().Span)));

        /// <summary>The executable.</summary>
        internal Packed Bytes => bytes;

        /// <summary>The loader of the C library that it needs on its target; <see langword="null"/> if it needs none.</summary>
        internal string? Loader => loader;

        /// <summary>The SHA-256 of the unpacked file, in lower-case hexadecimal digits: taken when it is first wanted, which few starts do.</summary>
        internal string Hash => _hash.Value;
    }
}
