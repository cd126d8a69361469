using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Whether a program's catalog says that it can be started as a context.</summary>
public sealed class EntryPointTests
{
    [Theory]
    [InlineData("return await MitogenApp.RunAsync(args, app => Task.CompletedTask);", true)]
    [InlineData("await MitogenApp.RunAsync(args, app => Task.CompletedTask);", true)]
    [InlineData("MitogenApp.RunAsync(args, app => Task.CompletedTask).GetAwaiter().GetResult();", true)]
    [InlineData("int status = await MitogenApp.RunAsync(args, app => Task.CompletedTask); return status;", true)]
    [InlineData("if (args.Length == 7) return 2; return await MitogenApp.RunAsync(args, app => Task.CompletedTask);", true)]
    [InlineData("try { return await MitogenApp.RunAsync(args, app => Task.CompletedTask); } finally { Console.WriteLine(); }", true)]
    [InlineData("using static Mitogen.MitogenApp; return await RunAsync(args, app => Task.CompletedTask); // MitogenApp.", true)]
    [InlineData("static class P { static Task<int> Main(string[] args) => MitogenApp.RunAsync(args, app => Task.CompletedTask); }", true)]
    [InlineData("static class P { static async Task Main() { await MitogenApp.RunAsync([], app => Task.CompletedTask); } }", true)]
    [InlineData("if (args.Length == 7) await MitogenApp.RunAsync(args, app => Task.CompletedTask);", false)]
    [InlineData("Func<Task<int>> run = () => MitogenApp.RunAsync(args, app => Task.CompletedTask); return await run();", false)]
    [InlineData("return await Go(); Task<int> Go() => MitogenApp.RunAsync(args, app => Task.CompletedTask);", false)]
    [InlineData("static class P { static void Main() { } static Task<int> Go() => MitogenApp.RunAsync([], app => Task.CompletedTask); }", false)]
    [InlineData("await Other.RunAsync(args); static class Other { public static Task RunAsync(string[] a) => Task.CompletedTask; } // MitogenApp.", false)]
    public void A_program_that_always_goes_through_RunAsync_is_marked(string source, bool isMarked)
    {
        GeneratedSample sample = TestCompiler.Generate(source, "Program", isExecutable: true).AssertClean();

        Assert.Equal(isMarked, sample["Catalog.g.cs"].Contains("catalog.AddEntryPoint(typeof(Catalog).Assembly);", StringComparison.Ordinal));
    }

    [Fact]
    public void A_library_is_not_marked()
    {
        GeneratedSample sample = TestCompiler.Generate(
            "public static class P { public static Task<int> Main(string[] args) => MitogenApp.RunAsync(args, app => Task.CompletedTask); }");

        Assert.Empty(sample.AssertClean().Result.GeneratedSources);
    }
}
