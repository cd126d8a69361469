using System.Text.RegularExpressions;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>Every example of the page of shapes compiles: what stands before its blank line in a contract, the rest in code that calls it.</summary>
public sealed partial class ShapesPageTests
{
    private const string Around = """
        [Remote] public interface IFolder : IAsyncDisposable { IFolder Open(string name); Task<List<string>> ListAsync(); Task CleanAsync(); }
        [Remote] public interface IFilter { Task<bool> AcceptAsync(string name); }
        [Remote] public interface IInstaller { Task InstallAsync(); }
        public class Newest : IFilter { public Task<bool> AcceptAsync(string name) => Task.FromResult(true); }
        public class Bar : IProgress<long> { public void Report(long value) { } }
        """;

    [Fact]
    public void Its_examples_compile()
    {
        string page = File.ReadAllText(Path.Combine(TestCompiler.ProjectFolder(), "..", "..", "docs", "shapes.md"));
        string[] examples = [.. Block().Matches(page).Select(static m => m.Groups[1].Value).Where(static e => e.Contains("\n\n", StringComparison.Ordinal))];

        GeneratedSample sample = TestCompiler.Generate(Around + string.Concat(examples.Select(Declare))).AssertClean();

        Assert.Equal(9, examples.Length);
        Assert.Empty(sample.Analyze());
    }

    private static string Declare(string example, int number)
    {
        string[] parts = example.Split("\n\n", 2);
        string modifiers = parts[1].Contains("await", StringComparison.Ordinal) ? "static async Task" : "static void";
        return $$"""

            [Remote] public interface IExample{{number}} { {{parts[0]}} }
            public static class Example{{number}}
            {
                public {{modifiers}} Use(IExample{{number}} files, IExample{{number}} root, CancellationTokenSource timeout)
                {
                    {{parts[1]}}
                }
            }
            """;
    }

    [GeneratedRegex("^```csharp\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
