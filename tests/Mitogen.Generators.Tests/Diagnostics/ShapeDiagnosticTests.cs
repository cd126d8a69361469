using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What is reported of the shape of a call, and of code that makes or serves one.</summary>
public sealed class ShapeDiagnosticTests
{
    private const string Folder = "[Remote] public interface IFolder { void M(); }";

    [Theory]
    [InlineData("List<{|MITO040:IFolder|}>", "'IC.M' blocks its caller, and its result holds List<IFolder>[], which is a contract: return Task<List<IFolder>>")]
    [InlineData("(int A, {|MITO040:Stream?|} B)", "'IC.M' blocks its caller, and its result holds (int A, Stream B).B, which is a stream of bytes: return Task<(int A, Stream? B)>")]
    [InlineData("{|MITO040:IAsyncEnumerable<int>|}[]", "'IC.M' blocks its caller, and its result holds IAsyncEnumerable<int>[][], which is a stream of items: return Task<IAsyncEnumerable<int>[]>")]
    public void Blocking_results_that_are_not_data(string type, string message)
    {
        Diagnostic diagnostic = DiagnosticAssert.Reported(
            $$"""[Remote] public interface IC { {{type}} M(); } {{Folder}}""").Single();
        Assert.Equal(message, diagnostic.Message());
        DiagnosticAssert.Reported($$"""[Remote] public interface IC { {{type}} P { get; } } {{Folder}}""");
    }

    [Theory]
    [InlineData("{|MITO041:IFolder?|} M();")]
    [InlineData("{|MITO041:IFolder?|} P { get; }")]
    [InlineData("IFolder M(int a, CancellationToken {|MITO041:token|});")]
    [InlineData("[OneWay] {|MITO013:IFolder|} M();")]
    [InlineData("[OneWay] {|MITO013:IAsyncEnumerable<int>|} M(CancellationToken token);")]
    [InlineData("IFolder M(IProgress<int> {|MITO042:progress|});")]
    [InlineData("[OneWay] void M(IProgress<int>? {|MITO042:progress|});")]
    [InlineData("Task M(IProgress<{|MITO012:IFolder|}> progress);")]
    [InlineData("Task M(IProgress<{|MITO012:object|}> progress);")]
    [InlineData("Task M(List<{|MITO012:IProgress<int>|}> progress);")]
    [InlineData("Task M({|MITO012:Progress<int>|} progress);")]
    [InlineData("Task<{|MITO012:IProgress<int>|}> M();")]
    [InlineData("{|MITO012:IProgress<int>|} M();")]
    [InlineData("Task M({|MITO012:FileStream|} stream);")]
    [InlineData("{|MITO012:FileStream|} M();")]
    [InlineData("IAsyncEnumerable<{|MITO012:IFolder|}> M(CancellationToken token);")]
    [InlineData("IAsyncEnumerable<(int, {|MITO012:Stream|})> M(CancellationToken token);")]
    [InlineData("Task M(IAsyncEnumerable<{|MITO012:IAsyncEnumerable<int>|}> items);")]
    [InlineData("IAsyncEnumerable<int> {|MITO043:M|}();")]
    [InlineData("IAsyncEnumerable<int> {|MITO043:P|} { get; }")]
    public void Shapes(string member) => DiagnosticAssert.Reported($$"""[Remote] public interface IC { {{member}} } {{Folder}}""");

    [Theory]
    [InlineData("Task M(IFolder? a, Stream b, IAsyncEnumerable<int> c, IProgress<int>? d, CancellationToken e);")]
    [InlineData("[OneWay] void M(IFolder a, List<Stream?> b, IAsyncEnumerable<int> c);")]
    [InlineData("Stream M(); System.IO.Pipelines.PipeReader N(); System.IO.Pipelines.PipeWriter? O();")]
    [InlineData("IFolder M(IFolder? a, Stream b); IFolder P { get; }")]
    [InlineData("Task<IFolder?> M(CancellationToken token); ValueTask<Dictionary<IFolder, HashSet<IFolder>>> N();")]
    public void Allowed_shapes(string member) => DiagnosticAssert.Reported($$"""[Remote] public interface IC { {{member}} } {{Folder}}""");

    [Fact]
    public void A_contract_that_passes_one_with_errors_reports_nothing_of_its_own() => DiagnosticAssert.Reported("""
        [Remote] public interface IA { Task<List<IB>> M(); }
        [Remote] public interface IB { IC P { get; } }
        [Remote] public interface IC { void {|MITO005:M|}<T>(); }
        [Remote] public interface ID { Task<IA> M(); }
        [Remote] public interface IFine { void M(); }
        [RemoteService] public class S : IA { public Task<List<IB>> M() => throw new NotSupportedException(); }
        """);

    [Fact]
    public void A_contract_of_an_assembly_that_was_built_without_the_generator_cannot_be_passed()
    {
        MetadataReference library = TestCompiler.Compile(Folder, "Library").EmitToImageReference();
        DiagnosticAssert.Reported("[Remote] public interface IC { Task M({|MITO012:IFolder|} a); }", library);
        DiagnosticAssert.Reported("[Remote] public interface IC { {|MITO012:IFolder|} M(); }", library);
    }

    [Theory]
    [InlineData("class C : IC { public async IAsyncEnumerable<int> M(CancellationToken {|MITO044:token|}) { await Task.Yield(); yield return 1; } }")]
    [InlineData("class C : IC { async IAsyncEnumerable<int> IC.M(CancellationToken {|MITO044:token|}) { await Task.Yield(); yield return 1; } }")]
    [InlineData("class C : IC { public IAsyncEnumerable<int> M(CancellationToken token) => throw new NotSupportedException(); }")]
    [InlineData("class C { public async IAsyncEnumerable<int> M(CancellationToken token) { await Task.Yield(); yield return 1; } }")]
    [InlineData("class C : IC { public async IAsyncEnumerable<int> M([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token) { await Task.Yield(); yield return 1; } }")]
    public void Iterators(string source) =>
        DiagnosticAssert.Reported("[Remote] public interface IC : IB; public interface IB { IAsyncEnumerable<int> M(CancellationToken token); } " + source
            .Replace("IC.M", "IB.M", StringComparison.Ordinal));

    [Theory]
    [InlineData("async Task M(IC c) { await Task.Yield(); {|MITO045:c.Block()|}; }")]
    [InlineData("async Task M(IC c) { await Task.Yield(); _ = {|MITO045:c.Size|}; }")]
    [InlineData("async Task M(IC c) { await Task.Yield(); {|MITO045:c.Inherited()|}; }")]
    [InlineData("void M(IC c) { Func<Task> f = async () => { await Task.Yield(); {|MITO045:c.Block()|}; }; }")]
    [InlineData("void M(IC c) { async Task F() { await Task.Yield(); {|MITO045:c.Block()|}; } }")]
    [InlineData("async Task M(IC c) { await Task.Run(() => c.Block()); }")]
    [InlineData("async Task M(IC c) { await c.WaitAsync(); c.Post(); c.Home.M(); _ = c.Items(default); _ = nameof(c.Size); _ = c.ToString(); }")]
    [InlineData("async Task M(Local c) { await Task.Yield(); c.Block(); }")]
    [InlineData("void M(IC c) { c.Block(); _ = c.Size; }")]
    [InlineData("Task M(IC c) { c.Block(); return c.WaitAsync(); }")]
    public void Blocking_calls(string method) => DiagnosticAssert.Reported($$"""
        public interface IB { int Inherited(); }
        [Remote] public interface IC : IB
        {
            void Block(); int Size { get; } IFolder Home { get; } Task WaitAsync(); [OneWay] void Post(); IAsyncEnumerable<int> Items(CancellationToken token);
        }
        public class Local { public void Block() { } }
        public class Code { {{method}} }
        {{Folder.Replace("void M();", "IFolder M();", StringComparison.Ordinal)}}
        """);

    [Theory]
    [InlineData("int Size(); Task<int> SizeAsync();", "Size()", "await 'IC.SizeAsync'")]
    [InlineData("int Size { get; } Task<int> GetSizeAsync();", "Size", "await 'IC.GetSizeAsync'")]
    [InlineData("int Size();", "Size()", "await a method of the contract that returns Task<int>")]
    public void A_blocking_call_is_told_what_to_await(string members, string call, string remedy)
    {
        Diagnostic diagnostic = DiagnosticAssert.Reported($$"""
            [Remote] public interface IC { {{members}} }
            public class Code { async Task M(IC c) { await Task.Yield(); _ = {|MITO045:c.{{call}}|}; } }
            """).Single();
        Assert.Equal($"'IC.Size' blocks a thread of asynchronous code until the other context answers: {remedy}", diagnostic.Message());
    }
}
