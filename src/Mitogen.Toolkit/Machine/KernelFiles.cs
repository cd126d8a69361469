using System.Globalization;

namespace Mitogen.Toolkit.Machine;

/// <summary>Reads small files that may be missing.</summary>
internal static class KernelFiles
{
    /// <returns>The text; empty if the file is not there, or may not be read.</returns>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // a container need not have it
        }
    }

    public static string Word(string path) => Read(path).Trim();

    public static string[] Lines(string path) => Read(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The value of a line <c>NAME: VALUE</c>; empty if there is none.</summary>
    public static string Field(IEnumerable<string> lines, string name)
    {
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return "";
    }

    /// <summary>What process 1 is; empty where that is not told.</summary>
    public static string InitSystem() => Directory.Exists("/run/systemd/system") ? "systemd" : Word("/proc/1/comm");

    /// <summary>The first number of a text; 0 if there is none.</summary>
    public static long Number(string text) => long.TryParse(FirstWord(text), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : 0;

    public static double Fraction(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;

    public static string FirstWord(string text) => text.Split(' ', '\t') is [var first, ..] ? first : "";
}
