namespace Mitogen.Bootstrap;

/// <summary>The program as one executable for one kind of machine.</summary>
/// <remarks>The file is read when it is sent; compressed, it is kept for all starts. Safe for use by several threads at once.</remarks>
internal sealed class NativePayload
{
    private readonly Lock _lock = new();

    // Under the lock: a file that could not be read is tried again.
    private PackedFile? _compressed;

    internal NativePayload(string rid, string localPath)
    {
        Rid = rid;
        LocalPath = localPath;
    }

    /// <summary>The runtime identifier.</summary>
    internal string Rid { get; }

    /// <summary>What starts it on this machine, as long as this process lives.</summary>
    internal string LocalPath { get; }

    /// <summary>The executable's bytes, as they are sent.</summary>
    /// <param name="isCompressed">Whether by gzip.</param>
    /// <returns>The bytes, and what they need on their target.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal PackedFile Pack(bool isCompressed)
    {
        if (!isCompressed)
        {
            return Read(isCompressed);
        }

        lock (_lock)
        {
            return _compressed ??= Read(isCompressed);
        }
    }

    // All that is told of a file is of one reading: it may be replaced meanwhile.
    private PackedFile Read(bool isCompressed)
    {
        byte[] file = File.ReadAllBytes(LocalPath);
        Packed bytes = isCompressed ? Packed.Compress(file) : new Packed(file, file.Length, IsCompressed: false);
        return new PackedFile(bytes, ElfImage.LoaderOf(file));
    }

    /// <param name="bytes">The executable.</param>
    /// <param name="loader">See <see cref="Loader"/>.</param>
    internal sealed class PackedFile(Packed bytes, string? loader)
    {
        private readonly Lazy<string> _hash = new(() => Convert.ToHexStringLower(Sha256.Hash(bytes.Unpack())));

        /// <summary>The executable.</summary>
        internal Packed Bytes => bytes;

        /// <summary>The loader of the C library that it needs on its target; <see langword="null"/> if it needs none.</summary>
        internal string? Loader => loader;

        /// <summary>The SHA-256 of the unpacked file, in lower-case hexadecimal digits: taken when it is first wanted, which few starts do.</summary>
        internal string Hash => _hash.Value;
    }
}
