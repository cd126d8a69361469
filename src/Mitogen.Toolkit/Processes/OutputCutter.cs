using System.Text;

namespace Mitogen.Toolkit.Processes;

/// <summary>Cuts bytes into lines. A character whose bytes come in two pieces is put together.</summary>
internal sealed class OutputCutter(OutputKind kind, int maxLine)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private char[] _characters = [];

    public void Add(ReadOnlySpan<byte> bytes, bool isEnd, List<OutputLine> lines)
    {
        int room = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_characters.Length < room)
        {
            _characters = new char[room];
        }

        ReadOnlySpan<char> rest = _characters.AsSpan(0, _decoder.GetChars(bytes, _characters, isEnd));
        while (rest.IndexOf('\n') is var end and >= 0)
        {
            AddPart(rest[..end], lines);
            if (_line.Length > 0 && _line[^1] == '\r')
            {
                _line.Length--;
            }

            Finish(isPart: false, lines);
            rest = rest[(end + 1)..];
        }

        AddPart(rest, lines);
        if (isEnd && _line.Length > 0)
        {
            Finish(isPart: false, lines);
        }
    }

    private void AddPart(ReadOnlySpan<char> part, List<OutputLine> lines)
    {
        while (_line.Length + part.Length > maxLine)
        {
            int taken = Math.Max(maxLine - _line.Length, 0);
            if (taken > 0 && char.IsHighSurrogate(part[taken - 1]))
            {
                taken--; // half a pair has no form on the wire; a line has room for a whole one
            }

            _ = _line.Append(part[..taken]);
            part = part[taken..];
            Finish(isPart: true, lines);
        }

        _ = _line.Append(part);
    }

    private void Finish(bool isPart, List<OutputLine> lines)
    {
        lines.Add(new OutputLine(kind, _line.ToString(), isPart));
        _ = _line.Clear();
    }
}
