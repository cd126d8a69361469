using Mitogen.Runtime.Tests.Samples;

namespace Mitogen.Runtime.Tests.Layers;

/// <summary>The layers of Mitogen.Runtime as <c>docs/architecture.md</c> has them: which folder may use which.</summary>
internal static class LayerTable
{
    private const string Heading = "## Layers";

    /// <summary>From the lowest up: a layer's name, and those that it uses.</summary>
    public static IReadOnlyList<(string Layer, string[] Uses)> Read()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "architecture.md"));
        return
        [
            .. lines.SkipWhile(line => line != Heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
                .Select(cells => (cells[1].Trim('`'), cells[2] == "–" ? [] : cells[2].Split(", "))),
        ];
    }
}
