using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Model;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Why each step of the generator ran after an edit.</summary>
public sealed class IncrementalTests
{
    private const string Source = """
        namespace App;

        public sealed record Order(int Id, List<string> Lines);

        [Remote]
        public interface IOrders
        {
            ValueTask PlaceAsync(Order order);
        }

        [Remote]
        public interface IShop
        {
            IOrders Orders { get; }
            Task<List<IOrders>> AllAsync(IProgress<Order> progress, IOrders? other);
            IAsyncEnumerable<Order> WatchAsync(IAsyncEnumerable<Order> more, CancellationToken cancellationToken);
            Stream Log();
        }

        [Remote]
        public interface IFaulty
        {
            int Size { get; set; }
        }

        [RemoteService]
        public sealed class Orders : IOrders
        {
            public ValueTask PlaceAsync(Order order) => default;
        }

        [RemoteStartup]
        public static class Startup
        {
            public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection services) { }
        }
        """;

    // The models that emission sees; what comes before knows places in source.
    private static readonly string[] s_models =
    [
        "ContractModels", "ContractUses", "DanglingContracts", "Contracts", "ContractSummaries", "ContractFormatters", "Formatters",
        "FormatterText", "ContractTexts", "Build", "RegisteredContracts", "RegistersFormatters", "HasContracts", "ServiceModels",
        "StartupModels", "Language", "References", "Namespace", "Registration", "EntryPoint", "Catalog", "GivenUp",
    ];
    private static readonly string[] s_inputs = ["ContractInputs", "ServiceInputs", "StartupInputs"];
    private static readonly string[] s_parses = ["ContractParse", "ServiceParse", "StartupParse"];
    private static readonly string[] s_reports =
    [
        "ContractPlaces", "ContractFaults", "ContractDiagnostics", "ServicePlaces", "ServiceFaults", "ServiceDiagnostics",
        "StartupPlaces", "StartupFaults", "StartupDiagnostics", "MisplacedOneWay", "DuplicateContracts", "DuplicateServices", "LanguageVersion",
        "ContractGivenUp", "ServiceGivenUp", "StartupGivenUp",
    ];

    [Fact]
    public void Every_step_is_named()
    {
        GeneratorRunResult result = Run(Source).Before;

        Assert.Subset(s_models.Concat(s_inputs).Concat(s_parses).Concat(s_reports).ToHashSet(), result.TrackedSteps.Keys.Where(static k => !IsOfRoslyn(k)).ToHashSet());
        Assert.Subset(result.TrackedSteps.Keys.ToHashSet(), s_models.Concat(s_inputs).Concat(s_parses).ToHashSet());
    }

    [Theory]
    [InlineData("public class T { private int _a; public Missing A { get; set; } }", "public class T { private int _a; public string A { get; set; } }")]
    [InlineData("public class T { private int _a; public int A => Missing; }", "public class T { private int _a; public int A => 3; }")]
    [InlineData("public class T { private int _a; public Missing A { get; set; } }", "public class T { private int _a; public Missing A { get; set; } } public class Missing;")]
    public void What_is_silent_behind_an_error_of_the_compiler_is_told_when_that_is_gone(string broken, string mended)
    {
        CSharpCompilation Compile(string type) => TestCompiler.Compile("[Remote] public interface IC { Task M(T t); }").AddSyntaxTrees(TestCompiler.Tree(type, "T.cs"));
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(Compile(broken));
        Assert.Empty(driver.GetRunResult().Diagnostics);

        driver = driver.RunGenerators(Compile(mended));
        Assert.Equal("MITO061", Assert.Single(driver.GetRunResult().Diagnostics).Id);

        driver = driver.RunGenerators(Compile(broken));
        Assert.Empty(driver.GetRunResult().Diagnostics);
    }

    [Theory]
    [InlineData("namespace Other { public class C { } }")]
    [InlineData("namespace Other { public class C { void M() { var order = new App.Order(1, []); } } }")]
    [InlineData("namespace App { public class C(int x) : System.IDisposable { public void Dispose() { } } }")]
    [InlineData("namespace App.More { [System.Serializable] public enum Kind { A } }")]
    [InlineData("using O = System.Object; namespace Other { public abstract class C; public class D : C; }")]
    public void An_edit_elsewhere_parses_nothing(string other)
    {
        GeneratorRunResult result = Run(Source, c => c.AddSyntaxTrees(TestCompiler.Tree(other, "Other.cs"))).After;

        AssertParsedNothing(result);
        AssertNothingNew(result, [.. s_models, .. s_reports]);
        AssertNoOutputAgain(result);
    }

    [Fact]
    public void An_edit_of_a_body_in_the_same_file_parses_nothing()
    {
        string edited = Source.Replace("=> default", "=> ValueTask.CompletedTask", StringComparison.Ordinal)
            .Replace("services) { }", "services)\n{\nvar x = new { Order = 1 };\n}", StringComparison.Ordinal);

        // Without the contract that has an error, whose place may be another one now.
        string[] sources = [.. new[] { Source, edited }.Select(static s => s.Replace("{ get; set; }", "{ get; }", StringComparison.Ordinal))];
        GeneratorRunResult after = Run(sources[0], c => Replace(c, sources[1])).After;

        AssertParsedNothing(after);
        AssertNoSourceAgain(after);
    }

    [Fact]
    public void An_edit_of_one_contract_parses_that_and_those_that_name_it()
    {
        const string Other = """
            namespace App;
            public sealed record Note(string Text);
            [Remote] public interface INotes { Task<Note> ReadAsync(); }
            [RemoteService] public sealed class Notes : INotes { public Task<Note> ReadAsync() => Task.FromResult(new Note("")); }
            """;
        SyntaxTree notes = TestCompiler.Tree(Other, "Notes.cs");
        CSharpCompilation first = TestCompiler.Compile(Source, "App", isExecutable: true).AddSyntaxTrees(notes);
        GeneratorRunResult after = Run(first, c => c.ReplaceSyntaxTree(
            notes, TestCompiler.Tree(Other.Replace("ReadAsync();", "ReadAsync(); void More();", StringComparison.Ordinal), "Notes.cs"))).After;

        Assert.Equal(1, CountParsed("ContractParse"));
        Assert.Equal(1, CountParsed("ServiceParse"));
        Assert.Equal(0, CountParsed("StartupParse"));

        int CountParsed(string step) => after.TrackedSteps[step].SelectMany(static s => s.Outputs).Count(static o =>
            o.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Removed));
    }

    [Fact]
    public void Moving_a_contract_emits_nothing_again()
    {
        (GeneratorRunResult before, GeneratorRunResult after) = Run(Source, c => Replace(c, "\n\n// a comment\n\n" + Source));

        AssertNothingNew(after, s_models);
        AssertNoSourceAgain(after);
        Assert.Equal(LineOf(before) + 4, LineOf(after));

        static int LineOf(GeneratorRunResult result) => result.Diagnostics.Single().Location.GetLineSpan().StartLinePosition.Line;
    }

    [Fact]
    public void Editing_a_body_emits_nothing_again()
    {
        string edited = Source.Replace("=> default", "=> ValueTask.CompletedTask", StringComparison.Ordinal);

        GeneratorRunResult after = Run(Source, c => Replace(c, edited)).After;

        AssertNothingNew(after, s_models);
        AssertNoSourceAgain(after);
    }

    [Fact]
    public void A_new_method_emits_its_contract_again_and_not_the_service()
    {
        GeneratorRunResult after = Run(
            Source,
            c => Replace(c, Source.Replace("Order order);", "Order order); void Cancel(int id);", StringComparison.Ordinal)
                .Replace("=> default;", "=> default; public void Cancel(int id) { }", StringComparison.Ordinal))).After;

        Assert.Contains(
            after.TrackedSteps["Contracts"].SelectMany(static s => s.Outputs), static o => o.Reason == IncrementalStepRunReason.Modified);
        AssertNothingNew(after, ["ServiceModels", "StartupModels", "Language", "References", "EntryPoint", "Catalog", "Registration", "Formatters"]);
    }

    [Fact]
    public void A_changed_data_type_in_another_file_is_seen()
    {
        const string Contract = "[Remote] public interface IC { void M(Data data); }";
        SyntaxTree data = TestCompiler.Tree("public record Data(int Id);", "Data.cs");
        CSharpCompilation first = TestCompiler.Compile(Contract).AddSyntaxTrees(data);
        GeneratorRunResult after = Run(first, c => c.ReplaceSyntaxTree(
            data, TestCompiler.Tree("public record Data(int Id, object Tag);", "Data.cs"))).After;

        Assert.Equal(["MITO012"], after.Diagnostics.Select(static d => d.Id));
    }

    [Fact]
    public void A_new_contract_emits_no_other_again()
    {
        SyntaxTree other = TestCompiler.Tree("[Remote] public interface INew { void M(); }", "Other.cs");

        GeneratorRunResult after = Run(Source, c => c.AddSyntaxTrees(other)).After;

        Assert.All(
            after.TrackedSteps["Contracts"].SelectMany(static s => s.Outputs),
            static o => Assert.True(IsOld(o.Reason) || ((ContractModel)o.Value).Name == "global::INew", o.Reason.ToString()));
        AssertNothingNew(after, ["DanglingContracts", "ServiceModels"]);
    }

    [Fact]
    public void A_contract_that_gets_an_error_takes_those_that_pass_it_along()
    {
        GeneratorRunResult after = Run(
            Source, c => Replace(c, Source.Replace("Order order);", "Order order); void M<T>();", StringComparison.Ordinal))).After;

        Assert.DoesNotContain(after.GeneratedSources, static s => s.HintName.Contains("IOrders", StringComparison.Ordinal));
        Assert.DoesNotContain(after.GeneratedSources, static s => s.HintName.Contains("IShop", StringComparison.Ordinal));
    }

    [Fact]
    public void An_older_compilation_is_not_held()
    {
        (WeakReference older, GeneratorDriver driver) = RunTwice();
        for (int i = 0; i < 10 && older.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(older.IsAlive);
        GC.KeepAlive(driver);
    }

    [Fact]
    public void The_output_does_not_depend_on_the_order_of_files()
    {
        string[] files =
        [
            "[Remote] public interface IA { void M(List<int> x); }",
            "[Remote] public interface IB { void M(Dictionary<string, int> x); }",
            "[RemoteService] public class A : IA { public void M(List<int> x) { } }",
            "[RemoteService] public class B : IB { public void M(Dictionary<string, int> x) { } }",
        ];

        Dictionary<string, string> forward = Emit(files);
        Dictionary<string, string> backward = Emit([.. files.Reverse()]);

        Assert.Equal(forward, backward);

        static Dictionary<string, string> Emit(string[] files)
        {
            CSharpCompilation compilation = TestCompiler.Compile("")
                .AddSyntaxTrees(files.Select(static (f, i) => TestCompiler.Tree(f, $"{i}.cs")));
            return TestCompiler.Generate(compilation).AssertClean().Result.GeneratedSources
                .ToDictionary(static s => s.HintName, static s => s.SourceText.ToString());
        }
    }

    // Apart from the test, so that no local keeps what it made.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Older, GeneratorDriver Driver) RunTwice()
    {
        CSharpCompilation older = TestCompiler.Compile(Source, "App", isExecutable: true);
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(older);
        return (new WeakReference(older), driver.RunGenerators(TestCompiler.Compile("\n\n" + Source, "App", isExecutable: true)));
    }

    private static (GeneratorRunResult Before, GeneratorRunResult After) Run(
        string source, Func<CSharpCompilation, CSharpCompilation>? edit = null) =>
        Run(TestCompiler.Compile(source, "App", isExecutable: true), edit);

    private static (GeneratorRunResult Before, GeneratorRunResult After) Run(
        CSharpCompilation compilation, Func<CSharpCompilation, CSharpCompilation>? edit)
    {
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(compilation);
        GeneratorRunResult before = driver.GetRunResult().Results.Single();
        driver = driver.RunGenerators(edit is null ? compilation.Clone() : edit(compilation));
        return (before, driver.GetRunResult().Results.Single());
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, string source) => compilation.ReplaceSyntaxTree(
        compilation.SyntaxTrees.Single(static t => t.FilePath == "Sample.cs"), TestCompiler.Tree(source, "Sample.cs"));

    private static void AssertParsedNothing(GeneratorRunResult result)
    {
        Assert.All(
            s_parses.SelectMany(name => result.TrackedSteps[name].SelectMany(s => s.Outputs.Select(o => (name, o.Reason)))),
            static o => Assert.True(o.Reason == IncrementalStepRunReason.Cached, $"{o.name}: {o.Reason}"));
    }

    private static void AssertNothingNew(GeneratorRunResult result, IEnumerable<string> steps) => Assert.All(
        steps
            .Where(result.TrackedSteps.ContainsKey)
            .SelectMany(name => result.TrackedSteps[name].SelectMany(s => s.Outputs.Select(o => (name, o.Reason)))),
        static o => Assert.True(IsOld(o.Reason), $"{o.name}: {o.Reason}"));

    private static void AssertNoOutputAgain(GeneratorRunResult result) => Assert.All(
        result.TrackedOutputSteps.SelectMany(static s => s.Value).SelectMany(static s => s.Outputs),
        static o => Assert.True(IsOld(o.Reason), o.Reason.ToString()));

    // A diagnostic that moved is reported again; its output holds no source.
    private static void AssertNoSourceAgain(GeneratorRunResult result) => Assert.All(
        result.TrackedOutputSteps.SelectMany(static s => s.Value)
            .Where(static s => s.Inputs.All(static i => i.Source.Name is "Contracts" or "ServiceModels" or "Formatters" or "Build" or "Registration" or "Catalog"))
            .SelectMany(static s => s.Outputs),
        static o => Assert.True(IsOld(o.Reason), o.Reason.ToString()));

    private static bool IsOld(IncrementalStepRunReason reason) =>
        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    // The steps within ForAttributeWithMetadataName and the inputs, which are not ours.
    private static bool IsOfRoslyn(string step) =>
        step.StartsWith("compilation", StringComparison.OrdinalIgnoreCase) || step.Contains("ForAttribute", StringComparison.Ordinal)
        || step is "ParseOptions" or "SourceOutput" or "collectedGlobalAliases_ForAttribute";
}
