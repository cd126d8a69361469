namespace Mitogen;

/// <summary>Names in one sentence what a process printed last: as many of its lines as fit, and among them the one that tells why it ended.</summary>
internal static class LastLinesText
{
    private const int MostCharacters = 2000;
    private const int MostOfALine = 400;

    // The words that the runtime, the shell and the kernel's helpers begin with; a stack of any length may follow.
    private static readonly string[] s_causes = ["Unhandled exception", "Fatal error", "Process terminated", "Out of memory"];

    /// <summary>The lines, oldest first, joined.</summary>
    public static string Join(IReadOnlyList<string> lines)
    {
        List<string> taken = [];
        int left = MostCharacters;
        int first = lines.Count;
        for (; first > 0 && left > 0; first--)
        {
            string line = Cut(lines[first - 1]);
            left -= line.Length;
            taken.Add(line);
        }

        if (lines.Take(first).LastOrDefault(IsCause) is { } cause)
        {
            taken.Add("...");
            taken.Add(Cut(cause));
        }
        else if (first > 0)
        {
            taken.Add("...");
        }

        taken.Reverse();
        return string.Join(" | ", taken);
    }

    private static bool IsCause(string line) => Array.Exists(s_causes, c => line.StartsWith(c, StringComparison.OrdinalIgnoreCase));

    private static string Cut(string line)
    {
        string shown = VisibleText.Line(line);
        return shown.Length <= MostOfALine ? shown : $"{shown.AsSpan(0, MostOfALine)}...";
    }
}
