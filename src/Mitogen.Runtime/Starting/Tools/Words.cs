using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// The last words of tools, by the forms of their lines: a form is the whole line, with an asterisk for any text. Only a tool's own lines
/// have its form; what another program prints that happens to have the same words in it has not.
/// </summary>
internal static class Words
{
    /// <summary>The problem of the first row whose form one of the lines has.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="rows">Forms, reasons and messages.</param>
    public static LaunchProblem? Match(
        IReadOnlyList<string> lines, params ReadOnlySpan<(string Form, BootstrapReason Reason, string Message)> rows)
    {
        foreach ((string form, BootstrapReason reason, string message) in rows)
        {
            if (lines.Any(line => Has(line, form)))
            {
                return new LaunchProblem(reason, message);
            }
        }

        return null;
    }

    /// <summary>Whether a line has a form, in letters of any case.</summary>
    public static bool Has(string line, string form)
    {
        string[] parts = form.Split('*');
        line = line.TrimEnd();
        if (parts.Length == 1 || !line.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase))
        {
            return line.Equals(form, StringComparison.OrdinalIgnoreCase);
        }

        int at = parts[0].Length;
        foreach (string part in parts[1..])
        {
            int found = line.IndexOf(part, at, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return line.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase);
    }
}
