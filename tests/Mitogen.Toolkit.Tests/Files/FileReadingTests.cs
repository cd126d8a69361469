using System.Security.Cryptography;
using System.Text;
using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Tests.Files;

public sealed class FileReadingTests : FilesTest
{
    [Fact]
    public async Task A_file_is_read_as_bytes_text_and_lines()
    {
        await File.WriteAllTextAsync(At("a"), "\ufeffeins\r\nzwei\nü", Encoding.UTF8, Cancellation);

        Assert.Equal(await File.ReadAllBytesAsync(At("a"), Cancellation), await Files.ReadBytesAsync(At("a"), null, Cancellation));
        Assert.EndsWith("eins\r\nzwei\nü", await Files.ReadTextAsync(At("a"), null, Cancellation), StringComparison.Ordinal);
        await File.WriteAllTextAsync(At("b"), "eins\r\nzwei\n\nü", Cancellation);
        Assert.Equal(["eins", "zwei", "", "ü"], await AllAsync(Files.ReadLinesAsync(At("b"), null, Cancellation)));
    }

    [Fact]
    public async Task A_file_of_the_kernel_that_tells_no_size_is_read() =>
        Assert.Contains("Linux", await Files.ReadTextAsync("/proc/version", null, Cancellation), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(200_000)]
    public async Task Every_size_is_read_whole(int size)
    {
        byte[] content = RandomNumberGenerator.GetBytes(size);
        await File.WriteAllBytesAsync(At("a"), content, Cancellation);

        Assert.Equal(content, await Files.ReadBytesAsync(At("a"), new FileReadOptions { MaxBytes = Math.Max(1, size) }, Cancellation));
    }

    [Fact]
    public async Task More_than_the_bound_is_an_error_that_names_the_option_the_path_and_the_context()
    {
        await File.WriteAllTextAsync(At("a"), "12345", Cancellation);

        IOException whole = await Assert.ThrowsAsync<IOException>(() => Files.ReadBytesAsync(At("a"), new FileReadOptions { MaxBytes = 4 }, Cancellation));
        Assert.Contains($"'{At("a")}' in context 'root'", whole.Message, StringComparison.Ordinal);
        Assert.Contains("FileReadOptions.MaxBytes", whole.Message, StringComparison.Ordinal);
        IOException line = await Assert.ThrowsAsync<IOException>(
            () => AllAsync(Files.ReadLinesAsync(At("a"), new FileReadOptions { MaxLineBytes = 4 }, Cancellation)));
        Assert.Contains("MaxLineBytes", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_begins_at_its_offset()
    {
        await File.WriteAllTextAsync(At("a"), "0123456789", Cancellation);

        await using Stream stream = await Files.OpenReadAsync(At("a"), 7, Cancellation);
        using StreamReader reader = new(stream);

        Assert.Equal("789", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task What_is_missing_or_no_file_is_the_exception_of_System_IO()
    {
        FileNotFoundException missing = await Assert.ThrowsAsync<FileNotFoundException>(() => Files.ReadBytesAsync(At("no"), null, Cancellation));
        Assert.Equal(At("no"), missing.FileName);
        Assert.Contains("context 'root'", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Files.ReadBytesAsync(At("no/no"), null, Cancellation));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Files.ReadBytesAsync(Folder, null, Cancellation));
        await Assert.ThrowsAsync<PathTooLongException>(() => Files.StatAsync(At(new string('a', 256)), true, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Files.ReadBytesAsync("a\0b", null, Cancellation));
    }

    [Fact]
    public async Task A_hash_is_that_of_the_content_with_and_without_a_library()
    {
        for (int size = 0; size < 300; size += 7)
        {
            byte[] content = RandomNumberGenerator.GetBytes(size);
            await File.WriteAllBytesAsync(At("a"), content, Cancellation);

            Assert.Equal(SHA256.HashData(content), await Files.HashAsync(At("a"), Cancellation));
            using Sha256Hash own = new(useLibrary: false);
            own.Append(content.AsSpan(0, size / 3));
            own.Append(content.AsSpan(size / 3));
            Assert.Equal(SHA256.HashData(content), own.Finish());
        }
    }

    [Theory]
    [InlineData("", 3, "")]
    [InlineData("a", 3, "a")]
    [InlineData("a\nb\nc\nd\n", 2, "c|d")]
    [InlineData("a\nb\nc\nd", 2, "c|d")]
    [InlineData("a\n\n\n", 2, "|")]
    [InlineData("a\nb\n", 0, "")]
    public async Task A_tail_has_the_last_lines(string content, int lines, string expected)
    {
        await File.WriteAllTextAsync(At("a"), content, Cancellation);

        Assert.Equal(expected, string.Join('|', await Files.TailAsync(At("a"), lines, null, Cancellation)));
    }

    [Fact]
    public async Task A_tail_of_a_large_file_reads_its_end_alone()
    {
        await using (FileStream file = File.Create(At("a")))
        {
            file.SetLength(1L << 40);
            file.Position = file.Length;
            await file.WriteAsync("\neins\nzwei\n"u8.ToArray(), Cancellation);
        }

        Assert.Equal(["eins", "zwei"], await Files.TailAsync(At("a"), 2, null, Cancellation));
    }
}
