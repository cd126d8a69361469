using System.Buffers;
using System.Text;

namespace Mitogen.Processes;

/// <summary>
/// Cuts bytes into lines of text: without "\n" or the "\r" that ssh writes at both ends, invalid UTF-8 replaced, and of a line longer than
/// <see cref="MaxLine"/> only the beginning, with a note of how much is missing. Not thread-safe.
/// </summary>
internal sealed class LineSplitter(Action<string> onLine)
{
    public const int MaxLine = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private long _dropped;

    /// <summary>The text after the last line end.</summary>
    public string Tail => Encoding.UTF8.GetString(WithoutSplitRune(_line.WrittenSpan.Trim((byte)'\r')));

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            Keep(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    /// <summary>Hands out what stands after the last line end, if anything.</summary>
    public void Finish()
    {
        if (_line.WrittenCount > 0)
        {
            EndLine();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        int kept = Math.Min(bytes.Length, MaxLine - _line.WrittenCount);
        _line.Write(bytes[..kept]);
        _dropped += bytes.Length - kept;
    }

    private void EndLine()
    {
        ReadOnlySpan<byte> line = _line.WrittenSpan;
        string text = _dropped > 0
            ? $"{Encoding.UTF8.GetString(WithoutSplitRune(line))} [cut: the line is {line.Length + _dropped} bytes long]"
            : Encoding.UTF8.GetString(line.Trim((byte)'\r'));
        _line.ResetWrittenCount();
        _dropped = 0;
        onLine(text);
    }

    private static ReadOnlySpan<byte> WithoutSplitRune(ReadOnlySpan<byte> line) =>
        Rune.DecodeLastFromUtf8(line, out _, out int length) == OperationStatus.NeedMoreData ? line[..^length] : line;
}
