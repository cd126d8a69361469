using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Mitogen.Toolkit.Tests.Machine;

/// <summary>The examples of the pages are those that <see cref="MachineExamples"/> compiles.</summary>
public sealed partial class MachineExampleTests
{
    [Theory]
    [InlineData("processes", 4)]
    [InlineData("network", 7)]
    [InlineData("system", 4)]
    public async Task The_examples_of_a_page_compile(string page, int count)
    {
        string folder = Path.GetDirectoryName(ThisFile())!;
        string compiled = Bare(await File.ReadAllTextAsync(Path.Combine(folder, "MachineExamples.cs"), TestContext.Current.CancellationToken));
        string text = await File.ReadAllTextAsync(Path.Combine(folder, $"../../../docs/{page}.md"), TestContext.Current.CancellationToken);
        string[] examples = [.. Examples().Matches(text).Select(match => Bare(match.Groups[1].Value))];

        Assert.Equal(count, examples.Length);
        Assert.All(examples, example => Assert.Contains(example, compiled, StringComparison.Ordinal));
    }

    private static string Bare(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)) + "\n";

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Examples();
}
