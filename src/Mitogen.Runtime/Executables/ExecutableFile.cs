namespace Mitogen.Executables;

/// <summary>An executable that this machine has as a file. It is read when it is sent.</summary>
/// <param name="rid">The runtime identifier.</param>
/// <param name="path">The path that names the file as long as this process lives.</param>
internal sealed class ExecutableFile(string rid, string path) : NativeExecutable(rid)
{
    private readonly Lock _lock = new();

    // Under the lock: a file that could not be read is tried again.
    private Task<PackedFile>? _compressed;

    internal override async Task<Packed> CompressAsync() => (await PackAsync(isCompressed: true).ConfigureAwait(false)).Bytes;

    internal override Task<PackedFile> PackAsync(bool isCompressed)
    {
        if (!isCompressed)
        {
            return Task.Run(() => Read(isCompressed: false));
        }

        lock (_lock)
        {
            return _compressed is { IsFaulted: false } ? _compressed : _compressed = Task.Run(() => Read(isCompressed: true));
        }
    }

    internal override LocalExecutable PlaceHere() => new(path, null);

    // All that is told of a file is of one reading: it may be replaced meanwhile.
    private PackedFile Read(bool isCompressed)
    {
        byte[] file = File.ReadAllBytes(path);
        Packed bytes = isCompressed ? Packed.Compress(file) : new Packed(file, file.Length, IsCompressed: false);
        return new PackedFile(bytes, ElfImage.LoaderOf(file));
    }
}
