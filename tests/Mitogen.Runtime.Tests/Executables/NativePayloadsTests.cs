using System.IO.Compression;
using System.Security.Cryptography;
using Mitogen.Executables;

namespace Mitogen.Runtime.Tests.Executables;

/// <summary>Where a process finds the program as a native executable.</summary>
public sealed class NativePayloadsTests : IDisposable
{
    private const string Rid = "linux-arm64";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payloads-");
    private readonly RemoteCatalog _catalog = new();

    private string Place => Path.Combine(_folder.FullName, "payloads", Rid, "Mitogen.Runtime.Tests");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_lies_beside_the_program_under_its_name()
    {
        _catalog.AddRoot(typeof(NativePayloadsTests).Assembly);
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        Write(content);

        PayloadFile payload = Assert.IsType<PayloadFile>(Payloads(false).Find(Rid));

        Assert.Equal((Rid, Place), (payload.Rid, payload.PlaceHere().Path));
        NativePayload.PackedFile plain = await payload.PackAsync(isCompressed: false);
        Assert.Equal(content, plain.Bytes.Bytes.ToArray());
        NativePayload.PackedFile file = await payload.PackAsync(isCompressed: true);
        Assert.Equal(content.Length, file.Bytes.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), file.Hash);
        using GZipStream gzip = new(new MemoryStream(file.Bytes.Bytes.ToArray()), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        gzip.CopyTo(unpacked);
        Assert.Equal(content, unpacked.ToArray());
    }

    [Fact]
    public async Task All_starts_share_one_copy()
    {
        _catalog.AddRoot(typeof(NativePayloadsTests).Assembly);
        Write(new byte[1_000_000]);
        NativePayloads payloads = Payloads(false);

        ReadOnlyMemory<byte>[] copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await payloads.Find(Rid)!.CompressAsync()).Bytes)));

        Assert.All(copies, copy => Assert.True(copy.Equals(copies[0])));
    }

    [Fact]
    public void What_comes_later_is_found()
    {
        _catalog.AddRoot(typeof(NativePayloadsTests).Assembly);
        NativePayloads payloads = Payloads(false);
        Assert.Null(payloads.Find(Rid));
        Write([1]);
        Assert.NotNull(payloads.Find(Rid));
    }

    [Fact]
    public async Task A_single_file_that_is_marked_is_its_own_payload()
    {
        NativePayloads payloads = Payloads(true);
        Assert.False(payloads.IsOwn);
        _catalog.AddEntryPoint(typeof(NativePayloadsTests).Assembly);

        Assert.True(payloads.IsOwn);
        Assert.False(Payloads(false).IsOwn);
        Assert.Equal(new FileInfo(Environment.ProcessPath!).Length, (await payloads.Find(NativePayloads.OwnRid)!.PackAsync(isCompressed: false)).Bytes.Size);
        Assert.Null(payloads.Find("linux-other"));
    }

    [Fact]
    public void The_message_says_where_it_was_looked_for_and_what_makes_it()
    {
        Assert.Contains("names no executable", Payloads(false).Missing(Rid), StringComparison.Ordinal);
        _catalog.AddRoot(typeof(NativePayloadsTests).Assembly);
        string message = Payloads(false).Missing(Rid);
        Assert.Contains(Place, message, StringComparison.Ordinal);
        Assert.Contains($"dotnet publish -t:MitogenPayloads -p:MitogenPayloadRids={Rid}", message, StringComparison.Ordinal);
        Assert.Contains("does not call MitogenApp.RunAsync", Payloads(true).Missing(Rid), StringComparison.Ordinal);
    }

    private NativePayloads Payloads(bool isSingleFile) => new(_catalog, _folder.FullName, isSingleFile);

    private void Write(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        File.WriteAllBytes(Place, content);
    }
}
