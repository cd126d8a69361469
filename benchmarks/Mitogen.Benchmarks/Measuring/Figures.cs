using System.Globalization;

namespace Benchmarks.Measuring;

/// <summary>What a measuring process prints: one figure a line, its name, a tab and its value.</summary>
internal static class Figures
{
    public static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:R}"));

    public static bool TryParse(string line, out string name, out double value)
    {
        int tab = line.IndexOf('\t', StringComparison.Ordinal);
        name = tab > 0 ? line[..tab] : "";
        value = 0;
        return tab > 0 && double.TryParse(line.AsSpan(tab + 1), CultureInfo.InvariantCulture, out value);
    }
}
