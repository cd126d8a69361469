using System.IO.Compression;

namespace Mitogen.Bootstrap;

/// <summary>The program as one executable for one kind of machine.</summary>
/// <remarks>The file is read when its content is first wanted, and kept compressed for all starts. Safe for use by several threads at once.</remarks>
internal sealed class NativePayload
{
    private readonly Lock _lock = new();

    // Under the lock: a file that could not be read is tried again.
    private PackedFile? _content;

    internal NativePayload(string rid, string localPath)
    {
        Rid = rid;
        LocalPath = localPath;
    }

    /// <summary>The runtime identifier.</summary>
    internal string Rid { get; }

    /// <summary>What starts it on this machine, as long as this process lives.</summary>
    internal string LocalPath { get; }

    /// <summary>The executable's length in bytes.</summary>
    internal long Length => Content.Length;

    /// <summary>The loader that it needs on its target; <see langword="null"/> if it needs none.</summary>
    internal string? Loader => Content.Loader;

    /// <summary>The SHA-256 of the executable, in lower-case hexadecimal digits.</summary>
    internal string Hash => Content.Hash;

    /// <summary>The executable, compressed by gzip.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal ReadOnlyMemory<byte> Compressed => Content.Compressed;

    private PackedFile Content
    {
        get
        {
            lock (_lock)
            {
                return _content ??= PackedFile.Read(LocalPath);
            }
        }
    }

    private sealed record PackedFile(long Length, string? Loader, string Hash, byte[] Compressed)
    {
        // Length, hash and bytes are of one reading: the file may be replaced meanwhile.
        internal static PackedFile Read(string path)
        {
            byte[] file = File.ReadAllBytes(path);
            using var compressed = new MemoryStream(file.Length / 2);
            using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(file);
            }

            return new PackedFile(file.Length, ElfImage.LoaderOf(file), Convert.ToHexStringLower(Sha256.Hash(file)), compressed.ToArray());
        }
    }
}
