namespace Mitogen.Runtime.Tests.Samples;

public sealed class ReadmeTests
{
    /// <summary>So that the example compiles, and can be run.</summary>
    [Fact]
    public void Its_example_is_a_sample()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "Hello", "Program.cs"));

        Assert.Contains($"```csharp\n{sample}```\n", readme, StringComparison.Ordinal);
    }
}
