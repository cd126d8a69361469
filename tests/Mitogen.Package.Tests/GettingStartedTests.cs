using System.Text.RegularExpressions;

namespace Mitogen.Package.Tests;

/// <summary>The first page that a stranger reads, done as it says.</summary>
public sealed partial class GettingStartedTests(PackedFeed feed)
{
    [Fact]
    public async Task Every_command_of_the_page_works_and_prints_what_the_page_says()
    {
        Consumer consumer = feed.CreateConsumer("empty");
        consumer.HasHomeOfItsOwn();
        string folder = consumer.Folder;
        CommandOutcome? last = null;
        int commands = 0, outputs = 0;
        foreach (Match block in Blocks().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/getting-started.md"), TestContext.Current.CancellationToken)))
        {
            string text = block.Groups["text"].Value;
            switch (block.Groups["kind"].Value)
            {
                case "sh":
                    foreach (string command in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    {
                        commands++;
                        last = (await Command.RunAsync(folder, consumer.Variables, "sh", "-c", command)).HasNoWarning();
                        folder = command.StartsWith("cd ", StringComparison.Ordinal) ? Path.Combine(folder, command[3..]) : folder;
                    }

                    break;
                case "csharp":
                    await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), text, TestContext.Current.CancellationToken);
                    break;
                default:
                    outputs++;
                    last!.Says(text.TrimEnd());
                    break;
            }
        }

        Assert.Equal((11, 4), (commands, outputs));
    }

    [GeneratedRegex("^```(?<kind>sh|csharp|text)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
