using System.Text.RegularExpressions;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>The examples of the pages stand in <see cref="FilePageExamples"/>, and so they are compiled.</summary>
public sealed partial class FilePageTests
{
    [Theory]
    [InlineData("files.md", 6)]
    [InlineData("transfers.md", 3)]
    public void The_examples_of_the_pages_are_compiled(string page, int least)
    {
        string root = Root();
        string code = Squeeze(File.ReadAllText(Path.Combine(root, "tests/Mitogen.Toolkit.Tests/Files/FilePageExamples.cs")));

        string[] examples = [.. Example().Matches(File.ReadAllText(Path.Combine(root, "docs", page))).Select(match => match.Groups[1].Value)];

        Assert.InRange(examples.Length, least, 100);
        Assert.All(examples, example => Assert.Contains(Squeeze(example), code, StringComparison.Ordinal));
    }

    private static string Squeeze(string code) => Space().Replace(code, "");

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mitogen.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
