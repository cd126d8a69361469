using System.IO.Compression;
using System.Security.Cryptography;
using Mitogen.Executables;

namespace Mitogen.Runtime.Tests.Executables;

/// <summary>Where a process finds the program as a native executable.</summary>
public sealed class NativeExecutablesTests : IDisposable
{
    private const string Rid = "linux-arm64";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executables-");
    private readonly RemoteCatalog _catalog = new();

    private string Place => Path.Combine(_folder.FullName, "executables", Rid, "Mitogen.Runtime.Tests");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_lies_beside_the_program_under_its_name()
    {
        _catalog.AddRoot(typeof(NativeExecutablesTests).Assembly);
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        Write(content);

        ExecutableFile executable = Assert.IsType<ExecutableFile>(Executables(false).Find(Rid));

        Assert.Equal((Rid, Place), (executable.Rid, executable.PlaceHere().Path));
        NativeExecutable.PackedFile plain = await executable.PackAsync(isCompressed: false);
        Assert.Equal(content, plain.Bytes.Bytes.ToArray());
        NativeExecutable.PackedFile file = await executable.PackAsync(isCompressed: true);
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
        _catalog.AddRoot(typeof(NativeExecutablesTests).Assembly);
        Write(new byte[1_000_000]);
        NativeExecutables executables = Executables(false);

        ReadOnlyMemory<byte>[] copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await executables.Find(Rid)!.CompressAsync()).Bytes)));

        Assert.All(copies, copy => Assert.True(copy.Equals(copies[0])));
    }

    [Fact]
    public void What_comes_later_is_found()
    {
        _catalog.AddRoot(typeof(NativeExecutablesTests).Assembly);
        NativeExecutables executables = Executables(false);
        Assert.Null(executables.Find(Rid));
        Write([1]);
        Assert.NotNull(executables.Find(Rid));
    }

    [Fact]
    public async Task Native_code_that_is_marked_is_its_own_executable()
    {
        NativeExecutables executables = Executables(true);
        Assert.False(executables.IsOwn);
        _catalog.AddEntryPoint(typeof(NativeExecutablesTests).Assembly);

        Assert.True(executables.IsOwn);
        Assert.False(Executables(false).IsOwn);
        Assert.Equal(new FileInfo(Environment.ProcessPath!).Length, (await executables.Find(Platform.OwnRid)!.PackAsync(isCompressed: false)).Bytes.Size);
        Assert.Null(executables.Find("linux-other"));
    }

    [Fact]
    public void The_message_says_where_it_was_looked_for_and_what_makes_it()
    {
        Assert.Contains("names no executable", Executables(false).Missing(Rid), StringComparison.Ordinal);
        _catalog.AddRoot(typeof(NativeExecutablesTests).Assembly);
        string message = Executables(false).Missing(Rid);
        Assert.Contains(Place, message, StringComparison.Ordinal);
        Assert.Contains($"dotnet publish -t:MitogenExecutables -p:MitogenExecutableRids={Rid}", message, StringComparison.Ordinal);
        Assert.Contains("does not call MitogenApp.RunAsync", Executables(true).Missing(Rid), StringComparison.Ordinal);
    }

    private NativeExecutables Executables(bool isNative) => new(_catalog, _folder.FullName, isNative);

    private void Write(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        File.WriteAllBytes(Place, content);
    }
}
