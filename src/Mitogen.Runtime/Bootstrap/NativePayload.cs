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
            return Read(LocalPath, isCompressed);
        }

        lock (_lock)
        {
            return _compressed ??= Read(LocalPath, isCompressed);
        }
    }

    // All that is told of a file is of one reading: it may be replaced meanwhile.
    private static PackedFile Read(string path, bool isCompressed)
    {
        byte[] file = File.ReadAllBytes(path);
        string? loader = ElfImage.LoaderOf(file);
        return isCompressed
            ? new PackedFile(Packed.Compress(file), loader, Convert.ToHexStringLower(Sha256.Hash(file)))
            : new PackedFile(new Packed(file, file.Length, IsCompressed: false), loader, null);
    }

    /// <param name="Bytes">The executable.</param>
    /// <param name="Loader">The loader of the C library that it needs on its target; null if it needs none.</param>
    /// <param name="Hash">The SHA-256 of the unpacked file, in lower-case hexadecimal digits; null where it is not compressed.</param>
    internal sealed record PackedFile(Packed Bytes, string? Loader, string? Hash);
}
