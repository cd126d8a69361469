using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>What is parsed is kept from edit to edit, and what an edit elsewhere changes in it is seen all the same.</summary>
public sealed class DependencyTests
{
    private const string Contract = "namespace App; [Remote] public interface IC { Task<Data> M(Data data); }";
    private const string Data = "namespace App; public sealed record Data(int Id);";

    /// <summary>The contract's file, another one before and after the edit.</summary>
    public static TheoryData<string, string, string> Edits => new()
    {
        // The type itself, one that it holds, and one that it inherits from.
        { Contract, Data, "namespace App; public sealed record Data(int Id, string Name);" },
        { Contract, Data, "namespace App; public sealed record Data(int Id, object Tag);" },
        { Contract, Data, "namespace App; public sealed record Data(int Id) { public int More { get; set; } }" },
        { Contract, Data, "namespace App; public readonly record struct Data(int Id);" },
        { Contract, Data, "namespace App; [MemoryPack.MemoryPackable(MemoryPack.GenerateType.NoGenerate)] public sealed partial record Data(int Id);" },
        { Contract + " public record Data(Part Part);", "namespace App; public record Part(int A);", "namespace App; public record Part(long A);" },
        { Contract + " public class Data : Base;", "namespace App; public class Base { public int A; }", "namespace App; public class Base { public int B; }" },
        { Contract + " public class Data { public Deep? Deep; }",
            "namespace App; public class Deep { public Deeper[]? All; } public class Deeper { public int A; }",
            "namespace App; public class Deep { public Deeper[]? All; } public class Deeper { public IntPtr A; }" },
        { Contract + " public class Data { public Kind Kind; }", "namespace App; public enum Kind : byte { A }", "namespace App; public class Kind { public int A; }" },
        { Contract + " public partial class Data { public int A; }", "namespace App;", "namespace App; public partial class Data { public int B; }" },

        // What a name means.
        { "namespace App.Sub; [Remote] public interface IC { Data M(); }",
            "namespace App { public record Data(int X); }",
            "namespace App { public record Data(int X); } namespace App.Sub { public record Data(string X); }" },
        { "using Lib; namespace App; [Remote] public interface IC { Data M(); }",
            "namespace Lib { public record Data(int A); }",
            "namespace Lib { public record Data(int A); } namespace App { public record Data(string A); }" },
        { Contract, Data, "namespace App; public sealed record Datum(int Id);" },
        { Contract, Data, "namespace App.Other; public sealed record Data(int Id);" },
        { "using D = App.Data; [Remote] public interface IC { D M(); }", Data, "namespace App; public sealed record Data(string Id);" },
        { "[Remote] public interface IC { Named M(); }", "global using Named = System.Int32;", "global using Named = System.Int64;" },
        { "[Remote] public interface IC { Data M(); }",
            "global using A; namespace A { public record Data(int X); } namespace B { public record Data(string X); }",
            "global using B; namespace A { public record Data(int X); } namespace B { public record Data(string X); }" },
        { "using static App.Holder; [Remote] public interface IC { Inner M(); }",
            "namespace App; public static class Holder { public record Inner(int X); }",
            "namespace App; public static class Holder { public record Inner(long X); }" },
        { "namespace App; public partial class Outer { [Remote] public interface IC { Inner M(); } }",
            "namespace App; public class Base { public record Inner(int X); } public record Inner(string X);",
            "namespace App; public class Base { public record Inner(int X); } public record Inner(string X); public partial class Outer : Base;" },
        { "namespace App; [Remote] public interface IC { Task<int> M(); }", "", "namespace App; public class Task<T> { public T? Value; }" },
        // Derived types, which nothing names.
        { Contract + " public abstract class Data { private protected Data() { } public int A; }",
            "namespace App; public sealed class One : Data;", "namespace App; public sealed class One : Data; public sealed class Two : Data;" },
        { Contract + " public abstract class Data { private protected Data() { } public int A; }",
            "namespace App; public class One : Data;", "namespace App; public class One : Data; public class Two : One { public int B; }" },
        { Contract + " public abstract class Data { private protected Data() { } public int A; }",
            "using D = App.Data; namespace App; public class One : D;", "using D = App.Data; namespace App; public class One : D; public class Two : D;" },

        // Interfaces and attributes.
        { "[Remote] public interface IC : IBase;", "public interface IBase { void A(); }", "public interface IBase { void A(); void B(); }" },
        { "[Remote] public interface IC : IBase;", "public interface IBase { void A(); }", "public interface IBase { [OneWay] void A(); }" },
        { "[Remote] public partial interface IC { void A(); }", "", "public partial interface IC { void B(); }" },
        { "[Remote] public interface IC { Task M(IOther other); }",
            "[Remote] public interface IOther { void A(); }", "public interface IOther { void A(); }" },
        { "[R] public interface IC { void A(); }", "global using R = Mitogen.RemoteAttribute;",
            "global using R = System.SerializableAttribute;" },
        { "[RemoteService] public class S(int size = Limits.Size) : IC { public void A() => _ = size; } [Remote] public interface IC { void A(); }",
            "public static class Limits { public const int Size = 1; }", "public static class Limits { public const int Size = 2; }" },
        { "[RemoteStartup] public static partial class Startup;",
            "public static partial class Startup { public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x) { } }",
            "public static partial class Startup { public static int Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection x) => 1; }" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void What_an_edit_elsewhere_changes_is_seen(string contract, string before, string after)
    {
        SyntaxTree tree = TestCompiler.Tree(before, "Other.cs");
        CSharpCompilation first = TestCompiler.Compile(contract, "App", isExecutable: true).AddSyntaxTrees(tree);
        CSharpCompilation second = first.ReplaceSyntaxTree(tree, TestCompiler.Tree(after, "Other.cs"));
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(first);

        string incremental = Print(driver.RunGenerators(second));

        Assert.Equal(Print(TestCompiler.CreateDriver().RunGenerators(second)), incremental);
        Assert.NotEqual(Print(driver), incremental);
    }

    /// <summary>What of a type's code is part of what others see of it: code that may show its private state, and no other.</summary>
    [Theory]
    [InlineData("class Data { int _c; public int C { get => _c; set => _c = value; } void F() => _c = 1; }", "_c = 1", "_c = 2", true)]
    [InlineData("class Data { int _c; public int C => Read(); int Read() => _c; }", "=> _c;", "=> 0;", true)]
    [InlineData("class Data { public int C { get; set; } int Read() { return 1; } public int D { get { return Read(); } } }", "return 1", "return 2", true)]
    [InlineData("class Data(int c) { public int C { get; set; } public int Read() => c; }", "=> c;", "=> 0;", true)]
    [InlineData("struct Data(int c) { public int C = 1; public int Read() => c; }", "=> c;", "=> 0;", true)]
    [InlineData("class Data { public int C { get; set; } public int Read() => 1; }", "=> 1;", "=> 2;", false)]
    [InlineData("class Data { public int C; public Data() { C = 1; } public void Set(int c) { C = c; } }", "C = c", "C = 2", false)]
    [InlineData("record Data(int C) { public int Twice() => C + C; }", "C + C", "2 * C", false)]
    [InlineData("[RemoteService] class Data(int c = 1) : IOther { public int Read() => c; public int D => 1; }", "=> c;", "=> 0;", false)]
    public void An_edit_of_code_parses_again_only_where_it_may_show_state(string data, string before, string after, bool isParsed)
    {
        bool isService = data.StartsWith('[');
        string source = $"namespace App; {(isService ? "" : "public ")}{data}";
        SyntaxTree tree = TestCompiler.Tree(source, "Other.cs");
        CSharpCompilation first = TestCompiler.Compile(
            "namespace App; [Remote] public interface IOther { int Read(); } " + (isService ? "" : "[Remote] public interface IC { Task<Data> M(); }")).AddSyntaxTrees(tree);
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(first);

        string edited = source.Replace(before, after, StringComparison.Ordinal);
        Assert.NotEqual(source, edited);
        CSharpCompilation second = first.ReplaceSyntaxTree(tree, TestCompiler.Tree(edited, "Other.cs"));
        driver = driver.RunGenerators(second);

        Assert.Equal(isParsed, driver.GetRunResult().Results.Single().TrackedSteps["ContractParse"]
            .SelectMany(static step => step.Outputs).Any(static o => o.Reason != IncrementalStepRunReason.Cached));
        Assert.Equal(Print(TestCompiler.CreateDriver().RunGenerators(second)), Print(driver));
    }

    [Fact]
    public void A_place_that_moves_in_another_file_is_seen()
    {
        SyntaxTree tree = TestCompiler.Tree("public interface IBase { int A { get; set; } }", "Other.cs");
        CSharpCompilation first = TestCompiler.Compile("[Remote] public interface IC : IBase;").AddSyntaxTrees(tree);
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(first)
            .RunGenerators(first.ReplaceSyntaxTree(tree, TestCompiler.Tree("\n\npublic interface IBase { /* */ int A { get; set; } }", "Other.cs")));

        Diagnostic diagnostic = driver.GetRunResult().Diagnostics.Single();
        Assert.Equal(("Other.cs", 2, 35), (
            diagnostic.Location.GetLineSpan().Path,
            diagnostic.Location.GetLineSpan().StartLinePosition.Line,
            diagnostic.Location.GetLineSpan().StartLinePosition.Character));
    }

    [Fact]
    public void The_place_of_a_second_service_is_where_it_is_now()
    {
        SyntaxTree tree = TestCompiler.Tree("[RemoteService] public class B : IC { public void M() { } }", "Other.cs");
        CSharpCompilation first = TestCompiler
            .Compile("[Remote] public interface IC { void M(); } [RemoteService] public class A : IC { public void M() { } }")
            .AddSyntaxTrees(tree);
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(first)
            .RunGenerators(first.ReplaceSyntaxTree(tree, TestCompiler.Tree("\n\n\n" + tree, "Other.cs")));

        Diagnostic diagnostic = driver.GetRunResult().Diagnostics.Single();
        Assert.Equal("MITO024", diagnostic.Id);
        Assert.Equal(3, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void An_edit_in_a_project_that_is_open_beside_this_one_is_seen_and_else_parses_nothing()
    {
        SyntaxTree data = TestCompiler.Tree("namespace Lib; public record Data(int A);", "Data.cs");
        SyntaxTree other = TestCompiler.Tree("namespace Lib; public class Other;", "Other.cs");
        CSharpCompilation library = TestCompiler.Compile("", "Lib").AddSyntaxTrees(data, other);
        CSharpCompilation program = TestCompiler.Compile("[Remote] public interface IC { Lib.Data M(); }", "App", false, library.ToMetadataReference());
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(program);

        driver = driver.RunGenerators(WithLibrary(
            library.ReplaceSyntaxTree(other, TestCompiler.Tree("namespace Lib; public class Another(int x);", "Other.cs"))));
        Assert.Equal(
            IncrementalStepRunReason.Cached,
            driver.GetRunResult().Results.Single().TrackedSteps["ContractParse"].Single().Outputs.Single().Reason);

        driver = driver.RunGenerators(WithLibrary(
            library.ReplaceSyntaxTree(data, TestCompiler.Tree("namespace Lib; public record Data(object A);", "Data.cs"))));
        Assert.Equal(["MITO012"], driver.GetRunResult().Diagnostics.Select(static d => d.Id));

        CSharpCompilation WithLibrary(CSharpCompilation changed) =>
            program.ReplaceReference(program.References.OfType<CompilationReference>().Single(), changed.ToMetadataReference());
    }

    [Fact]
    public void A_reference_that_changes_is_seen()
    {
        CSharpCompilation program = TestCompiler.Compile("[Remote] public interface IC { Lib.Data M(); }", "App", false, Library("int"));
        GeneratorDriver driver = TestCompiler.CreateDriver().RunGenerators(program);

        driver = driver.RunGenerators(program.ReplaceReference(program.References.Last(), Library("object")));

        Assert.Equal(["MITO012"], driver.GetRunResult().Diagnostics.Select(static d => d.Id));

        static MetadataReference Library(string type) =>
            TestCompiler.Compile($"namespace Lib; public record Data({type} A);", "Lib").EmitToImageReference();
    }

    private static string Print(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return string.Join('\n', result.Diagnostics.Select(static d => d.ToString()).Order(StringComparer.Ordinal)
            .Concat(result.GeneratedSources.OrderBy(static s => s.HintName, StringComparer.Ordinal).Select(static s => s.HintName + "\n" + s.SourceText)));
    }
}
