using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Mitogen.Toolkit.Files;

/// <summary>Cuts bytes that come in pieces into lines. For one thread at a time.</summary>
internal sealed class LineCutter(int maxLineBytes, string path, FileFailures failures)
{
    // The beginning of a line whose end has not come yet, and the piece after it.
    private readonly List<byte> _open = [];
    private ReadOnlyMemory<byte> _piece;

    /// <summary>The next piece. It is not copied: the lines have to be cut before its memory is used again.</summary>
    /// <exception cref="IOException">A line is too long.</exception>
    public void Add(ReadOnlyMemory<byte> piece) => _piece = piece;

    /// <summary>The next line; after the last whole one the rest is kept.</summary>
    public bool TryCut([NotNullWhen(true)] out string? line)
    {
        int end = _piece.Span.IndexOf((byte)'\n');
        int length = _open.Count + (end < 0 ? _piece.Length : end);
        if (length > maxLineBytes)
        {
            throw failures.Problem("read lines of", path, $"a line has more than {maxLineBytes} bytes (MaxLineBytes).");
        }

        if (end < 0)
        {
            _open.AddRange(_piece.Span);
            _piece = default;
            line = null;
            return false;
        }

        _open.AddRange(_piece.Span[..end]);
        _piece = _piece[(end + 1)..];
        line = Text();
        return true;
    }

    /// <summary>The last line, if it has no end.</summary>
    public string? Rest() => _open.Count == 0 ? null : Text();

    /// <summary>Forgets the beginning of a line.</summary>
    public void Clear() => _open.Clear();

    private string Text()
    {
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_open);
        string text = Encoding.UTF8.GetString(bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes);
        _open.Clear();
        return text;
    }
}
