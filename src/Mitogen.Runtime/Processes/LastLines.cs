namespace Mitogen.Processes;

/// <summary>The last lines of an output, for the error that may follow. Safe for use by several threads at once.</summary>
internal sealed class LastLines
{
    private const int Most = 20;

    private readonly Queue<string> _lines = new(Most); // under its own lock

    /// <summary>Those that are kept, oldest first.</summary>
    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == Most)
            {
                _ = _lines.Dequeue();
            }

            _lines.Enqueue(VisibleText.Line(line));
        }
    }
}
