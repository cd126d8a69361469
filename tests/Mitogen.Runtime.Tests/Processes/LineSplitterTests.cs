using System.Text;
using CsCheck;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Processes;

public sealed class LineSplitterTests
{
    private static readonly string[] s_pieces = ["a", "ü", "\n", "\r\n", "😀", ""];

    [Fact]
    public void A_long_line_is_cut_at_a_whole_character_and_says_so()
    {
        string start = new string('x', LineSplitter.MaxLine - 1);
        List<string> lines = Split([Encoding.UTF8.GetBytes(start + "ü and more\nnext\n")]);
        Assert.Equal([start + $" [cut: the line is {LineSplitter.MaxLine + 10} bytes long]", "next"], lines);
    }

    [Fact]
    public void A_line_of_just_the_limit_is_whole()
    {
        string line = new('x', LineSplitter.MaxLine);
        Assert.Equal([line, line], Split([Encoding.UTF8.GetBytes(line + "\n" + line)]));
    }

    [Fact]
    public void How_the_bytes_are_cut_up_changes_nothing() =>
        Gen.Select(Gen.Int[0, 5].Select(i => s_pieces[i]).Array[0, 60], Gen.Int[1, 7]).Sample((parts, size) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(parts));
            string[] expected = string.Concat(parts).ReplaceLineEndings("\n").Split('\n');
            if (expected[^1] == "")
            {
                expected = expected[..^1];
            }

            Assert.Equal(expected, Split(bytes.Chunk(size)));
        });

    private static List<string> Split(IEnumerable<byte[]> chunks)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        foreach (byte[] chunk in chunks)
        {
            splitter.Feed(chunk);
        }

        splitter.Finish();
        return lines;
    }
}
