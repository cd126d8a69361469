using System.Globalization;
using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>What is reported of a contract, and at which place.</summary>
public sealed class ContractDiagnosticTests
{
    [Theory]
    [InlineData("[Remote] public interface {|MITO001:IC|}<T> { void M(); }")]
    [InlineData("public class Outer<T> { [Remote] public interface {|MITO001:IC|} { void M(); } }")]
    [InlineData("public class Outer { [Remote] private interface {|MITO002:IC|} { void M(); } }")]
    [InlineData("public class Outer { [Remote] protected interface {|MITO002:IC|} { void M(); } }")]
    [InlineData("public class Outer { [Remote] private protected interface {|MITO002:IC|} { void M(); } }")]
    [InlineData("public class Outer { private class Inner { [Remote] public interface {|MITO002:IC|} { void M(); } } }")]
    [InlineData("[Remote] file interface {|MITO002:IC|} { void M(); }")]
    [InlineData("[Remote] public interface IC { int {|MITO003:Size|} { get; set; } }")]
    [InlineData("[Remote] public interface IC { int {|MITO003:Size|} { get; init; } }")]
    [InlineData("[Remote] public interface IC { int {|MITO003:Size|} { set; } }")]
    [InlineData("[Remote] public interface IC { int {|MITO003:this|}[int index] { get; } }")]
    [InlineData("[Remote] public interface IC { int {|MITO003:this|}[int index] { get; set; } }")]
    [InlineData("[Remote] public interface IC { int {|MITO010:Size|} => 3; }")]
    [InlineData("[Remote] public interface IC { internal int {|MITO018:Size|} { get; } }")]
    [InlineData("[Remote] public interface IC { {|MITO006:ref int|} Size { get; } }")]
    [InlineData("[Remote] public interface IC { {|MITO012:object|} Size { get; } }")]
    [InlineData("[Remote] public interface IC { {|MITO008:Action|} Done { get; } }")]
    [InlineData("[Remote] public interface IC { {|MITO013:int|} Size { [OneWay] get; } }")]
    [InlineData("[Remote] public interface IC { event Action {|MITO004:Changed|}; }")]
    [InlineData("[Remote] public interface IC { T {|MITO005:M|}<T>(); }")]
    [InlineData("[Remote] public interface IC { void M(ref int {|MITO006:x|}); }")]
    [InlineData("[Remote] public interface IC { void M(in int {|MITO006:x|}); }")]
    [InlineData("[Remote] public interface IC { void M(int a, out int {|MITO006:x|}); }")]
    [InlineData("[Remote] public interface IC { void M(ref readonly int {|MITO006:x|}); }")]
    [InlineData("[Remote] public interface IC { {|MITO006:ref int|} M(); }")]
    [InlineData("[Remote] public interface IC { {|MITO006:ref readonly int|} M(); }")]
    public void Declarations(string source) => AssertReported(source);

    [Theory]
    [InlineData("Action")]
    [InlineData("Func<int, int>")]
    [InlineData("EventHandler?")]
    public void Delegates(string type) => AssertReportedForParameterAndResult("MITO008", type);

    [Theory]
    [InlineData("Task", "'x' is a task, which cannot cross contexts: await it, and pass or return its result")]
    [InlineData("ValueTask<int>", "'x' is a task, which cannot cross contexts: await it, and pass or return its result")]
    [InlineData("dynamic", "'x' is 'dynamic', which cannot cross contexts: name the type")]
    [InlineData("Span<byte>", "'x' is a view of memory, which cannot cross contexts: pass an array or a ReadOnlyMemory<T>")]
    [InlineData("int*", "'x' is a pointer, which cannot cross contexts: pass the data that it points to")]
    [InlineData("delegate*<int, void>", "'x' is a pointer, which cannot cross contexts: pass the data that it points to")]
    public void Types_that_cannot_cross(string type, string message)
    {
        IReadOnlyList<Diagnostic> diagnostics = AssertReported(
            $$"""[Remote] public unsafe interface IC { void M(int a, {|MITO011:{{type}}|} x); }""");
        Assert.Equal(message, diagnostics.Single().Message());
    }

    [Theory]
    [InlineData("[Remote] public interface IC { static abstract void {|MITO009:M|}(); }")]
    [InlineData("[Remote] public interface IC { static virtual void {|MITO009:M|}() { } }")]
    [InlineData("[Remote] public interface IC { static abstract int {|MITO009:Size|} { get; } }")]
    [InlineData("[Remote] public interface IC { static abstract event Action {|MITO009:Changed|}; }")]
    [InlineData("[Remote] public interface IC { void {|MITO010:M|}() { } }")]
    [InlineData("[Remote] public interface IC { private void {|MITO010:M|}() { } }")]
    [InlineData("public interface IB { void M(); } [Remote] public interface IC : IB { void IB.{|MITO010:M|}() { } }")]
    [InlineData("[Remote] public interface IC { void M({|MITO012:object|} x); }")]
    [InlineData("[Remote] public interface IC { Task<List<{|MITO012:object|}>> M(); }")]
    [InlineData("[Remote] public interface IC { [OneWay] {|MITO013:int|} M(); }")]
    [InlineData("[Remote] public interface IC { [OneWay] {|MITO013:Task<int>|} M(); }")]
    [InlineData("[Remote] public interface IC { Task M(CancellationToken a, int x, CancellationToken {|MITO014:b|}); }")]
    [InlineData("[Remote] public interface IC : {|MITO015:IDisposable|} { void M(); }")]
    [InlineData("[Remote] public interface IC { internal void {|MITO018:M|}(); }")]
    [InlineData("[Remote] public interface IC { protected void {|MITO018:M|}(); }")]
    public void Members(string source) => AssertReported(source);

    [Fact]
    public void Every_fault_is_reported_and_nothing_is_emitted() => AssertReported("""
        [Remote]
        public interface IC
        {
            int {|MITO003:Size|} { get; set; }
            event Action {|MITO004:Changed|};
            void Fine();
            {|MITO012:object|} Open(ref int {|MITO006:x|}, {|MITO008:Action|} done);
        }
        """);

    [Theory]
    [InlineData("public class C { [OneWay] public void {|MITO019:M|}() { } }")]
    [InlineData("public struct C { [OneWay] public static void {|MITO019:M|}() { } }")]
    [InlineData("public interface IB { [OneWay] void M(); } [Remote] public interface IC : IB { }")]
    public void One_way_outside_a_contract(string source) => AssertReported(source);

    [Fact]
    public void An_attribute_on_two_parts_is_the_compilers_matter()
    {
        GeneratedSample sample = TestCompiler.Generate(
            "[Remote] public partial interface IC { void M(); } [Remote] public partial interface IC { void N(); }");

        Assert.Null(sample.Result.Exception);
        Assert.Equal(["CS0579"], sample.Output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Id));
    }

    [Fact]
    public void An_inherited_fault_is_reported_at_the_member() =>
        AssertReported("public interface IB { int {|MITO003:Size|} { get; set; } } [Remote] public interface IC : IB { }");

    [Fact]
    public void A_contract_reports_its_own_faults_once() =>
        AssertReported("[Remote] public interface IB { int {|MITO003:Size|} { get; set; } } [Remote] public interface IC : IB { void M(); }");

    [Fact]
    public void A_fault_inherited_from_another_assembly_is_reported_at_the_base_interface() =>
        AssertReported("[Remote] public interface IC : {|MITO010:IEnumerableLike|} { }",
            TestCompiler.Generate("public interface IEnumerableLike { void M() { } }", "Library").ToReference());

    [Fact]
    public void A_path_names_the_member_that_cannot_be_written()
    {
        Diagnostic diagnostic = AssertReported("""
            public sealed record Customer(IntPtr Handle);
            public sealed record Order(Customer Customer);
            [Remote] public interface IC { void M({|MITO012:Order|} order); }
            """).Single();

        Assert.StartsWith("'order' cannot be sent, because of Order.Customer.Handle: ", diagnostic.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_checked_is_named_by_its_path_and_sent_all_the_same()
    {
        Diagnostic diagnostic = AssertReported("""
            [MemoryPack.MemoryPackable(MemoryPack.GenerateType.NoGenerate)] public sealed partial class Money { public decimal Amount; }
            public sealed record Order(List<Money> Prices, Money Total);
            [Remote] public interface IC { void M({|MITO050:Order|} order); }
            """).Single();

        Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity);
        Assert.Contains(" because of Order.Prices[]: 'Money' is read by a formatter of its own", diagnostic.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_methods_with_one_id()
    {
        // The ids have 32 bits, so that some tens of thousands of names are enough for two of one id.
        var seen = new Dictionary<uint, string>();
        string first, second;
        for (int i = 0; ; i++)
        {
            second = "M" + i.ToString(CultureInfo.InvariantCulture);
            if (!seen.TryAdd(Parsing.Identity.OfMethod($"IC::{second}()"), second))
            {
                first = seen[Parsing.Identity.OfMethod($"IC::{second}()")];
                break;
            }
        }

        IReadOnlyList<Diagnostic> diagnostics = AssertReported(
            $$"""[Remote] public interface IC { void {{first}}(); void {|MITO016:{{second}}|}(); }""");
        Assert.Equal($"'IC::{first}()' and 'IC::{second}()' have the same id: rename one of them", diagnostics.Single().Message());
    }

    [Fact]
    public void Two_contracts_with_one_name_in_one_program()
    {
        const string Source = "namespace App; [Remote] public interface IC { void M(); }";
        var library = TestCompiler.Generate(Source, "Library").AssertClean().ToReference();

        GeneratedSample program = TestCompiler.Generate(Source, "Program", isExecutable: true, library);

        Diagnostic diagnostic = Assert.Single(program.Diagnostics);
        Assert.Equal("MITO017", diagnostic.Id);
        Assert.Equal(Source.IndexOf("IC", StringComparison.Ordinal), diagnostic.Location.SourceSpan.Start);
        Assert.Contains("'App.IC (Library)' and 'App.IC'", diagnostic.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_the_compiler_stand_alone()
    {
        GeneratedSample sample = TestCompiler.Generate("[Remote] public interface IC { void M(Missing x); Unknown N(); }");

        Assert.Empty(sample.Diagnostics);
        Assert.All(sample.Output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error), d => Assert.Equal("CS0246", d.Id));
    }

    private static void AssertReportedForParameterAndResult(string id, string type)
    {
        AssertReported($$"""[Remote] public interface IC { void M(int a, {|{{id}}:{{type}}|} x); }""");
        AssertReported($$"""[Remote] public interface IC { {|{{id}}:{{type}}|} M(); }""");
        AssertReported($$"""[Remote] public interface IC { Task<{|{{id}}:{{type}}|}> M(); }""");
    }

    private static Diagnostic[] AssertReported(string marked, params MetadataReference[] references) =>
        DiagnosticAssert.Reported(marked, references);
}
