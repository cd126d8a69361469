using Microsoft.CodeAnalysis;
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
    ];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_compiler_says_what_is_wrong(string source)
    {
        GeneratedSample sample = SmallStack.Run(() => TestCompiler.Generate(source));

        Assert.Null(sample.Result.Exception);
        Assert.DoesNotContain(sample.Diagnostics, d => d.Id == Descriptors.GeneratorFailure.Id);
        Assert.Contains(sample.Output.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree?.FilePath == "Sample.cs");
    }

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
