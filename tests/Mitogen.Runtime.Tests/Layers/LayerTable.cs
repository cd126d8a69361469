using Mitogen.Runtime.Tests.Samples;

namespace Mitogen.Runtime.Tests.Layers;

/// <summary>The layers of Mitogen.Runtime as <c>docs/architecture.md</c> has them: which folder may use which.</summary>
internal static class LayerTable
{
    private const string Heading = "## Layers";

    /// <summary>From the lowest up: a layer's name, and those that it uses. A row without a name goes on with the one before it.</summary>
    public static IReadOnlyList<(string Layer, IReadOnlyList<string> Uses)> Read()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "architecture.md"));
        List<(string Layer, IReadOnlyList<string> Uses)> table = [];
        foreach (string line in lines.SkipWhile(line => line != Heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)))
        {
            if (line.Split('|', StringSplitOptions.TrimEntries) is not ["", var name, var uses, ""] || name is "layer" or "---")
            {
                continue;
            }

            string[] layers = uses == "–" ? [] : uses.Split(", ");
            if (name.Length > 0)
            {
                table.Add((name.Trim('`'), layers));
            }
            else
            {
                table[^1] = (table[^1].Layer, [.. table[^1].Uses, .. layers]);
            }
        }

        return table;
    }
}
