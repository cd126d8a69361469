using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Mitogen.Generators.Dependencies;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>Source that does not compile, as while it is typed: the generator bears it, and the compiler says what is wrong.</summary>
public sealed class BrokenSourceTests
{
    public static TheoryData<string> Sources =>
    [
        "[Remote] public interface IC { Task M(T t); } public record T(",
        "[Remote] public interface IC { Task M(T t); } public record T(int A, int A);",
        "[Remote] public interface IC { Task M(T t); } public class T { public int A { get; set; } public int A { get; set; } }",
        "[Remote] public interface IC { Task M(T t); } public class T { public Missing A { get; set; } private Missing _b; }",
        "[Remote] public interface IC { Task M(T t); } public class T : Missing { public int A { get; set; } }",
        "[Remote] public interface IC { Task M(T<int> t); } public class T<V, W> { public V A { get; set; } }",
        "[Remote] public interface IC { Task M(T<> t); } public class T<V> { public V A { get; set; } }",
        "[Remote] public interface IC { Task M(T t); } public class T { private int _a; public int A { get => _a; set => } }",
        "[Remote] public interface IC { Task M(T t); } public class T { private int _a; public int A { get => _a; set { _a = ",
        "[Remote] public interface IC { Task M(T t); } public class T { private int _a; public int A => A + _a + Missing; public int B { get { return B; } set { B = value; } } }",
        "[Remote] public interface IC { Task M(T t); } public class T(int a, int a) { public int A => a; }",
        "[Remote] public interface IC { Task M(T t); } public class T(Missing m) { public Missing M => m; }",
        "[Remote] public interface IC { Task M(T t); } public class A : B { } public class B : A { } public class T : B { public new int X; }",
        "[Remote] public interface IC { Task M(T t); } public class T { public override int X { get; set; } }",
        "[Remote] public interface IC { Task M(T t); } public class A { public int X { get; set; } } public class T : A { public override int X { get; } }",
        "[Remote] public interface IC { Task M(SortedSet<Missing> t, SortedDictionary<T, > u); } public class T;",
        "[Remote] public interface IC { Task M(T t); } [System.Runtime.InteropServices.StructLayout()] public struct T { [System.Runtime.InteropServices.FieldOffset()] public int A; }",
        "[Remote] public interface IC { Task M(T t); } [System.Runtime.InteropServices.StructLayout(2 + )] public struct T { [System.Runtime.InteropServices.FieldOffset(\"x\")] public int A; public int B; }",
        "[Remote] public interface IC { Task M(T t); } [MemoryPack.MemoryPackable(] public partial class T { [MemoryPack.MemoryPackOrder()] public int A { get; set; } }",
        "[Remote] public interface IC { Task M(T t); } [MemoryPack.MemoryPackable, MemoryPack.MemoryPackUnion(0, )] public abstract partial class T;",
        "[Remote] public interface IC { Task M(T t); } [MemoryPack.MemoryPackable, MemoryPack.MemoryPackUnion(0, typeof(Missing))] public partial interface T;",
        "[Remote] public interface IC { Task M(T t); } [System.Text.Json.Serialization.JsonDerivedType()] public class T { [System.Text.Json.Serialization.JsonIgnore(Condition = )] public int A { get; set; } }",
        "[Remote] public interface IC { Task M(T t); } [System.Runtime.Serialization.DataContract(] public class T { [System.Runtime.Serialization.DataMember(Order = )] private int _a; }",
        "[Remote] public interface IC { Task M(T t); } public abstract class T { private T() { } public class A : T<int> { } }",
        "[Remote] public interface IC { Task M(T t); } public class T { public event Missing E; public event EventHandler F { add } }",
        "[Remote] public interface IC { Task M(T t) Task N(; ",
        "[Remote] public interface IC { Task M(out T t, ref T u, params T v, this T w); } public class T { public T? Next",
        "[Remote] public interface IC : IC { Task M(); }",
        "[Remote] public interface IC : IB, Missing { Task M(int a, int a); } public interface IB : IC { Task N(); }",
        "[Remote(Missing = 1)] public interface IC<T { Task M(T t); }",
        "[Remote] public interface { Task M(); } [RemoteService] public class : IC { }",
        "[Remote] [Remote] public partial interface IC { Task M(); } [Remote] public partial interface IC { Task N(); }",
        "[Remote] public interface IC { Task M((int, ) t, (T) u, int[,,][] v, T*[] w, delegate*<int> x); } public class T;",
        "[Remote] public interface IC { Task<Task<>> M(); IAsyncEnumerable N(); Task<IAsyncEnumerable<>> O(); }",
        "[RemoteService(Concurrency = )] public class S(Missing m, ) : IC { } [Remote] public interface IC { void M(); }",
        "[RemoteStartup] public static class S { public static void Configure( } [Remote] public interface IC { void M(); }",
        "[Remote] public interface IC { Task M(object t; } ",
        "[Remote] public interface IC { Task M(Missing t, object u); }",
        "[Remote] public interface IC { Missing.Name M(); Task<Missing<object>> N(); }",
        "[Remote] public interface IC { void M(int a); int M(int a); }",
        "[Remote] public interface IC { void M(int a); void M(int a); }",
        "[Remote] public interface IC { int A { get; } void A(); }",
        "[Remote] public interface IC { int A { get; set } }",
        "[Remote] public interface IC { int { get; set; } }",
        "[Remote] public interface IC { event Missing E; event Action }",
        "[Remote] public interface IC { private void M(); }",
        "[Remote] public interface IC { static abstract void M( ; }",
        "[Remote] public interface IC { T M<T>() where T : Missing; U N<U(); }",
        "[Remote] public interface IC { Task M(params object t); Task N(int a = \"x\", Action b = 3); }",
        "[Remote] public interface IC { Task M(void t); Task<void> N(); }",
        "[Remote] public interface IC { Task M(N n); } internal record N(int A);",
        "[Remote] public interface IC { Task M(int* t, Span<Span<int>> u); }",
        "[Remote] public interface IC { Task M(List<Span<int>> t); }",
        "[Remote] public interface IC { Task M(System.Nullable<string> t); Task N(T<string> u); } public struct T<V> where V : struct;",
        "[Remote] public interface IC { [OneWay(1)] int M(); [OneWay, OneWay] Task<int> N(); }",
        "[Remote] public interface IC { IAsyncEnumerable<Missing> M(); IAsyncEnumerable<int> N(Missing token); }",
        "[Remote] public interface IC { Task M(IProgress<Missing> p, IProgress<> q); [OneWay] void N(IProgress<int> p, Missing q); }",
        "[Remote] public interface IC : IDisposable, Missing { void M(); }",
        "[Remote] public interface IC : IA { void M(); } public interface IA : IB; public interface IB : IA;",
        "[Remote] public interface IC { void M(); } [Remote] public interface IC { void M(); }",
        "[Remote] public interface IC { void M(); } public class IC { }",
        "[Remote] public interface IC { void M(); } [RemoteService] public class S : IC { } [RemoteService] public class S : IC { public void M() { } }",
        "[Remote(1)] private interface IC<in T> { void M(T t); }",
        "[Remote] interface IC { void M(); } namespace Mitogen { public class RemoteAttribute( : Attribute; }",
        "[Remote] public interface IC { Task M(T t); } public enum T { A = Missing, B = , }",
        "[Remote] public interface IC { Task M(T t); } public struct T { public T A; }",
        "[Remote] public interface IC { Task M(T t); } public record T(int A) { public int A() => 1; private readonly int _a }",
        "[Remote] public interface IC { Task M(T t); } public class T { private readonly int _a; public int A { get; private set; } public Missing(int a) { } }",
        "[Remote] public interface IC { Task M(T t); } public class T { public T(int b) { } public T(Missing c) { } public int A { get; } }",
        "[Remote] public interface IC { Task M(T t); } public class T { public int A { get; } public int this[Missing m] => 0; }",
        "[Remote] public interface IC { Task M(T t); } public abstract record T { private protected T() { } } public record A : T, Missing; public record B(int X) : T(1);",
        "[Remote] public interface IC { Task M(T t); } public class T { [MemoryPack.MemoryPackIgnore( private int _a; public int B; }",
        "[Remote] public interface IC { Task M(List<T> t); } public class T : List<Missing>;",
        "[Remote] public interface IC { Task M(T t); } public class T : IMissing, IC { }",
        "[Remote] public interface IC { Task M(T t); } public delegate T(int a); public class T { private Action _a }",
        "[Remote] public interface IC { void M(); } [RemoteService] public class S(Missing m) : IC { public void M() { } }",
        "[Remote] public interface IC { void M(); } [RemoteService] public class S(ref Missing m, Span<int> n) : IC { public void M() { } }",
        "[Remote] public interface IC { void M(); } [RemoteService] public class S : IC { public S() { } public S() { } public void M() { } }",
        "[Remote] public interface IC { void M(); } [RemoteService] public class S : IMissing { }",
        "[Remote] public interface IC { void M(); } [RemoteService(Missing = 1)] public abstract class S : IC { }",
        "[Remote] public interface IC { void M(); } [RemoteService] public class S<T : IC { public void M() { } }",
        "[Remote] public interface IC { void M(); } [RemoteService] public static class S : IC { public static void M() { } }",
        "[RemoteStartup] public static class S { public static void Configure(Missing services) { } }",
        "[RemoteStartup] public static class S { public static void Configure(IServiceCollection services) { } }",
        "[RemoteStartup] public class S { public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection services { }",
        "public class C { [OneWay public void M() { } }",
        "public class C { [OneWay(1)] public Missing M() => null; }",
        "[Remote] public interface IC { int M(); } public class C { async Task N(IC c) { c.M(1); c.M(; c.Missing(); _ = c.M } }",
        "[Remote] public interface IC { IAsyncEnumerable<int> M(CancellationToken t); } public class C : IC { public async IAsyncEnumerable<int> M(Missing t) { yield } }",
        "#if A\n[Remote] public interface IC { object M(); }",
        "[Remote] public interface IC { Task M(T t); } /* public class T;",
        "[Remote] public interface IC { Task M(T t); } public class T { public string A { get; set; } = \"; private int _b; }",
        "namespace A; [Remote] public interface IC { Task M(T t); } namespace B; public class T { private int _a; }",
        "using Missing; [Remote] public interface IC { Task M(T t); }",
        "using T = Missing; [Remote] public interface IC { Task M(T t, List<T> u); }",
    ];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_compiler_says_what_is_wrong(string source)
    {
        CSharpCompilation input = TestCompiler.Compile(source);
        GeneratedSample sample = SmallStack.Run(() => TestCompiler.Generate(input));

        Assert.Null(sample.Result.Exception);
        string[] compilers = [.. ErrorsOf(input)];
        string[] all = [.. ErrorsOf(sample.Output), .. sample.Diagnostics.Concat(sample.Analyze()).Select(Describe)];
        Assert.True(compilers.Length > 0, source);
        Assert.True(compilers.SequenceEqual(all), $"{source}\nMore:\n{string.Join('\n', all.Except(compilers))}\nLess:\n{string.Join('\n', compilers.Except(all))}");
    }

    [Theory]
    [InlineData("[Remote] public interface IC : Missing { Task M({|MITO012:object|} a); Task N(Missing b); Task<Missing> O(); }")]
    [InlineData("[Remote] public interface IC { void {|MITO010:M|}() { Missing(); } void N(Missing a); event Action {|MITO004:E|}; event Missing F; }")]
    [InlineData("[Remote] public interface IC { Task M({|MITO061:T|} t); } public class T { private int _a; public int B() => Missing; public int C; }")]
    [InlineData("[Remote] public interface IC { Task M(List<{|MITO012:T|}> t, U u); } public record T(object A); public record U(Missing A);")]
    [InlineData("[Remote] public interface IC { Task M({|MITO061:T|} t); } public partial class T { private int _a; public int B; private partial int C(); }")]
    public void What_is_wrong_besides_is_told(string marked)
    {
        Markup markup = new(marked);
        CSharpCompilation input = TestCompiler.Compile(markup.Source);

        GeneratedSample sample = TestCompiler.Generate(input);

        Assert.NotEmpty(ErrorsOf(input));
        Assert.Equal(ErrorsOf(input), ErrorsOf(sample.Output));
        Assert.Equal(markup.Expected.OrderBy(static e => e.Span.Start), sample.Diagnostics.Select(static d => (d.Id, d.Location.SourceSpan)).OrderBy(static e => e.SourceSpan.Start));
    }

    /// <summary>What is silent because of an error that is gone in the end must not be silent in the end.</summary>
    [Theory]
    [InlineData("[Remote] public interface {|MITO065:IC|} { Task M(Printed t); }")]
    [InlineData("[Remote] public interface {|MITO065:IC|} { Task<List<T>> M(); } public record T(Printed A);")]
    [InlineData("[Remote] public interface {|MITO065:IC|} { Task M(T t); } public class T : PrintedBase { private int _a; public int B() => _a++; }")]
    [InlineData("[Remote] public interface IC { void M(); } [RemoteService] public class {|MITO065:S|}(Printed p) : IC { public void M() => p.ToString(); }")]
    [InlineData("[Remote] public interface IC { void M(Used u); } public record Used(int A); public class Other(Printed p) { public Printed P => p; }")]
    public void An_error_that_another_generator_mends_is_told_in_the_end(string marked)
    {
        Markup markup = new(marked);

        GeneratedSample sample = TestCompiler.Generate(TestCompiler.Compile(markup.Source), "public enum Printed { A } public abstract class PrintedBase;");

        Assert.Empty(ErrorsOf(sample.Output));
        Assert.Empty(sample.Diagnostics);
        Assert.Equal(markup.Expected, sample.Analyze().Select(static d => (d.Id, d.Location.SourceSpan)));
    }

    private static IEnumerable<string> ErrorsOf(Compilation compilation) =>
        compilation.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error).Select(Describe).Order(StringComparer.Ordinal);

    private static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic.Location.GetLineSpan().Path}{diagnostic.Location.SourceSpan}: {diagnostic.Id}: {diagnostic.Message()}";

    /// <summary>As an editor does with each key: the file ends anywhere.</summary>
    [Fact]
    public void It_is_borne_at_every_key()
    {
        const string Source = """
            [Remote] public interface IC { Task<List<(int, T?)>> MAsync(Dictionary<string, T> all, CancellationToken token = default); }
            public class T(int a) : B<int>(a) { private int _b = a; public int B { get => _b; set { _b = value; } } public T? Next { get; init; } }
            public abstract class B<V>(V a) { public V A { get; } = a; }
            """;
        SmallStack.Run(() =>
        {
            GeneratorDriver driver = TestCompiler.CreateDriver();
            for (int length = 0; length <= Source.Length; length += 3)
            {
                driver = driver.RunGenerators(TestCompiler.Compile(Source[..length]));
                GeneratorRunResult result = driver.GetRunResult().Results.Single();
                Assert.True(result.Exception is null, $"{Source[..length]}\n{result.Exception}");
                Assert.DoesNotContain(result.Diagnostics, d => d.Id == Descriptors.GeneratorFailure.Id);
            }

            return true;
        });
    }

    [Fact]
    public void A_failure_is_told_at_its_declaration_and_the_others_have_their_code()
    {
        GeneratorDriver driver = Microsoft.CodeAnalysis.CSharp.CSharpGeneratorDriver.Create(new Failing().AsSourceGenerator());
        driver = driver.RunGeneratorsAndUpdateCompilation(
            TestCompiler.Compile("[Remote] public interface IBad; [Remote] public interface IGood; [Remote] public interface IUnprintable;"), out _, out _);

        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Assert.Equal(["IGood.g.cs"], result.GeneratedSources.Select(s => s.HintName));
        Assert.Equal(
            [
                "The generator failed at 'IBad', which has no generated code now; the fault is in Mitogen, and another declaration may avoid it. It threw " +
                "System.InvalidOperationException: two lines of text",
                "The generator failed at 'IUnprintable', which has no generated code now; the fault is in Mitogen, and another declaration may avoid it. It threw " +
                "System.NotSupportedException: no print",
            ],
            result.Diagnostics.Select(d => d.Message()).Order(StringComparer.Ordinal).Select(message => message[..message.IndexOf(" at Mitogen.", StringComparison.Ordinal)]));
        Assert.All(result.Diagnostics, d => Assert.Equal((Descriptors.GeneratorFailure.Id, DiagnosticSeverity.Error), (d.Id, d.Severity)));
        Assert.Contains(result.Diagnostics, d => d.Location.SourceSpan == new TextSpan("[Remote] public interface ".Length, "IBad".Length));
    }

    private sealed class Failing : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
            ParseSteps<StartupModel> steps = ParseSteps<StartupModel>.Create(
                context.SyntaxProvider,
                context.CompilationProvider.Select(static (compilation, cancellationToken) => new DependencyGraph(compilation, cancellationToken)),
                KnownNames.RemoteAttribute,
                "Failing",
                Parse);
            context.RegisterSourceOutput(steps.Diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
            context.RegisterSourceOutput(
                steps.Models, static (output, model) => Guard.Add(output, model.Name, () => output.AddSource(model.Name + ".g.cs", Print(model.Name))));
        }

        private static ParseResult<StartupModel> Parse(Declaration declaration, CancellationToken cancellationToken) =>
            declaration.Symbol.Name == "IBad"
                ? throw new InvalidOperationException("two lines\nof text")
                : new(new StartupModel(declaration.Symbol.Name, declaration.Symbol.Name), default);

        private static string Print(string name) => name == "IUnprintable" ? throw new NotSupportedException("no print") : "// " + name;
    }
}
