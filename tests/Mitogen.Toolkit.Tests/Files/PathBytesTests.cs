namespace Mitogen.Toolkit.Tests.Files;

public sealed class PathBytesTests
{
    [Fact]
    public void Every_sequence_of_bytes_is_one_text_and_comes_back()
    {
        Random random = new(1);
        HashSet<string> texts = [];
        HashSet<string> sequences = [];
        byte[] alphabet = [.. "a/"u8, 0xee, 0xbe, 0xbf, 0x80, 0xc3, 0xa9, 0xff, 0xf0, 0x9f, 0x98];
        for (int i = 0; i < 50_000; i++)
        {
            byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => alphabet[random.Next(alphabet.Length)])];
            string text = PathBytes.Decode(bytes);

            Assert.Equal(bytes, PathBytes.Encode(text));
            Assert.Equal(sequences.Add(Convert.ToHexString(bytes)), texts.Add(text));
        }
    }

    [Fact]
    public void Usual_paths_are_themselves()
    {
        Assert.Equal("/tmp/ü😀", PathBytes.Decode("/tmp/ü😀"u8));
        Assert.Equal("/tmp/ü😀"u8.ToArray(), PathBytes.Encode("/tmp/ü😀"));
        Assert.Equal("caf\\xE9", PathBytes.Display(PathBytes.Decode([.. "caf"u8, 0xe9])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_is_no_path_is_refused(string path) => Assert.Throws<ArgumentException>(() => PathBytes.Encode(path));

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Throws<ArgumentException>(() => PathBytes.Encode("a\ud800b"));
}
