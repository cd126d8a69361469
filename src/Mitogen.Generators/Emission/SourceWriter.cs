using System.Text;

namespace Mitogen.Generators.Emission;

/// <summary>Prints indented source. A text of several lines, such as a raw string literal, is indented as a whole.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public SourceWriter Line() => Append("\n");

    public SourceWriter Line(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0)
            {
                _text.Append(' ', _depth * 4).Append(line);
            }

            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Opens a brace; disposing what it returns closes it.</summary>
    public Block Open(string header, string closing = "}")
    {
        Line(header);
        Line("{");
        _depth++;
        return new Block(this, closing);
    }

    public override string ToString() => _text.ToString();

    private SourceWriter Append(string text)
    {
        _text.Append(text);
        return this;
    }

    internal readonly struct Block(SourceWriter writer, string closing) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Line(closing);
        }
    }
}
