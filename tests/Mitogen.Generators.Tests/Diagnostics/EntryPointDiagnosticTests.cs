namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What stands before <c>MitogenApp.RunAsync</c> in an entry point.</summary>
public sealed class EntryPointDiagnosticTests
{
    [Theory]
    [InlineData("return await MitogenApp.RunAsync(args, async app => { await Task.Yield(); Console.WriteLine(); });")]
    [InlineData("await MitogenApp.RunAsync(args, Run); Console.WriteLine(); static Task Run(IRemoteContext app) => Task.CompletedTask;")]
    [InlineData("static Task Run(IRemoteContext app) => Task.CompletedTask; const int A = 1; ; await MitogenApp.RunAsync(args, Run); return A;")]
    [InlineData("{|MITO060:Console.WriteLine();|} Console.WriteLine(); return await MitogenApp.RunAsync(args, app => Task.CompletedTask);")]
    [InlineData("{|MITO060:int a = args.Length;|} return await MitogenApp.RunAsync(args, app => Task.FromResult(a));")]
    [InlineData("{|MITO060:if (args.Length > 3) return 2;|} try { return await MitogenApp.RunAsync(args, app => Task.CompletedTask); } finally { }")]
    public void Top_level_statements(string source) => DiagnosticAssert.ReportedInProgram(source);

    [Theory]
    [InlineData("static Task<int> Main(string[] args) => MitogenApp.RunAsync(args, app => Task.CompletedTask);")]
    [InlineData("static async Task<int> Main(string[] args) { {|MITO060:Console.WriteLine();|} return await MitogenApp.RunAsync(args, app => Task.CompletedTask); }")]
    [InlineData("static void Main() { Console.WriteLine(); } static Task<int> Go() { Console.WriteLine(); return MitogenApp.RunAsync([], app => Task.CompletedTask); }")]
    public void Methods(string members) => DiagnosticAssert.ReportedInProgram($"static class Program {{ {members} }}");
}
