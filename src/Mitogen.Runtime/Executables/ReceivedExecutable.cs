using Mitogen.Processes;

namespace Mitogen.Executables;

/// <summary>An executable that this context has from its parent: in memory, by gzip. It is unpacked for whom that is needed.</summary>
internal sealed class ReceivedExecutable(string rid, Packed packed) : NativeExecutable(rid)
{
    // Found out by the first that is to start it: a context that only passes it on unpacks nothing.
    private readonly Lazy<string?> _loader = new(() => ElfImage.LoaderOf(packed.Unpack().Span));

    internal override Task<Packed> CompressAsync() => Task.FromResult(packed);

    internal override Task<PackedFile> PackAsync(bool isCompressed) => Task.Run(() =>
        new PackedFile(isCompressed ? packed : new Packed(packed.Unpack(), packed.Size, IsCompressed: false), _loader.Value));

    internal override LocalExecutable PlaceHere()
    {
        MemoryFile file = MemoryFile.Create("mitogen", packed.Unpack().Span);
        return new LocalExecutable(file.Path, file);
    }
}
