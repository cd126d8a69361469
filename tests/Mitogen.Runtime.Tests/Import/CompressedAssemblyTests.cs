using Mitogen.Import;

namespace Mitogen.Runtime.Tests.Import;

public class CompressedAssemblyTests
{
    private static readonly byte[] s_file = File.ReadAllBytes(typeof(CompressedAssemblyTests).Assembly.Location);

    [Fact]
    public void The_bytes_come_back()
    {
        CompressedAssembly compressed = CompressedAssembly.Compress("A", s_file);

        Assert.Equal(s_file, compressed.Decompress());
        Assert.True(compressed.Bytes.Length < s_file.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_size_that_is_not_the_files_is_an_error(int difference)
    {
        CompressedAssembly compressed = CompressedAssembly.Compress("A", s_file);
        CompressedAssembly wrong = compressed with { Size = compressed.Size + difference };

        var exception = Assert.Throws<InvalidDataException>(() => wrong.Decompress());
        Assert.Contains("The assembly A ", exception.Message, StringComparison.Ordinal);
    }
}
