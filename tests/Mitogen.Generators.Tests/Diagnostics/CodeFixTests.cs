using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Mitogen.CodeFixes;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>Each fix is made as an editor makes it, and what it leaves is clean.</summary>
public sealed class CodeFixTests
{
    private static readonly CodeFixProvider[] s_fixes =
    [
        new AsyncDisposableFix(), new BlockingReferenceFix(), new ContractTypeFix(), new EnumeratorCancellationFix(), new GetterOnlyFix(),
        new PromiseFix(), new StreamTokenFix(),
    ];

    [Theory]
    [InlineData(
        "[Remote] public interface IC { int A { get; set; } /* b */ }",
        "[Remote] public interface IC { int A { get; } /* b */ }")]
    [InlineData(
        "[Remote] public interface IC { int A { get; init; } }",
        "[Remote] public interface IC { int A { get; } }")]
    [InlineData(
        "[Remote] public interface IC : IB, IDisposable { void M(); } public interface IB;",
        "[Remote] public interface IC : IB, IAsyncDisposable { void M(); } public interface IB;")]
    [InlineData(
        "[Remote] public interface IC : System.IDisposable { void M(); }",
        "[Remote] public interface IC : IAsyncDisposable { void M(); }")]
    [InlineData(
        "[Remote] public interface IC { List<IC?> M(int a); }",
        "[Remote] public interface IC { Task<List<IC?>> M(int a); }")]
    [InlineData(
        "[Remote] public interface IC\n{\n    // Why.\n    IC? M(int a);\n}",
        "[Remote] public interface IC\n{\n    // Why.\n    Task<IC?> M(int a);\n}")]
    [InlineData(
        "[Remote] public interface IC { IC M(CancellationToken token); }",
        "[Remote] public interface IC { Task<IC> M(CancellationToken token); }")]
    [InlineData(
        "[Remote] public interface IC { IAsyncEnumerable<int> M(int a); }",
        "[Remote] public interface IC { IAsyncEnumerable<int> M(int a, CancellationToken cancellationToken = default); }")]
    [InlineData(
        "[Remote] public interface IC { IAsyncEnumerable<int> M(CancellationToken t); }\n" +
        "public class C : IC { public async IAsyncEnumerable<int> M(CancellationToken t) { await Task.Yield(); yield return 1; } }",
        "[Remote] public interface IC { IAsyncEnumerable<int> M(CancellationToken t); }\n" +
        "public class C : IC { public async IAsyncEnumerable<int> M(" +
        "[System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken t) { await Task.Yield(); yield return 1; } }")]
    [InlineData(
        "public class C { object M(IRemoteContext c) => c.Get<IA>(); }\npublic interface IA;",
        "public class C { object M(IRemoteContext c) => c.Get<IA>(); }\n\n[Remote]\npublic interface IA;")]
    [InlineData(
        "namespace N { public class C { object M(IRemoteContext c) => c.Get</* a */ Outer.IA>(new CallOptions()); }\n" +
        "public class Outer\n    {\n        /// <summary>A.</summary>\n        [System.ComponentModel.Browsable(false)]\n        public interface IA { void M(); }\n    }\n}",
        "namespace N { public class C { object M(IRemoteContext c) => c.Get</* a */ Outer.IA>(new CallOptions()); }\n" +
        "public class Outer\n    {\n        /// <summary>A.</summary>\n        [System.ComponentModel.Browsable(false)]\n        [Remote]\n        public interface IA { void M(); }\n    }\n}")]
    [InlineData(
        "[Remote] public interface IA; public class A : IA, IDisposable { public void Dispose() { } }\npublic class C { IA M(IRemoteContext c) => c.Get<A>(); }",
        "[Remote] public interface IA; public class A : IA, IDisposable { public void Dispose() { } }\npublic class C { IA M(IRemoteContext c) => c.Get<IA>(); }")]
    [InlineData(
        "namespace N { [Remote] public interface IA; public class A : IA; }\npublic class C { N.IA M(IRemoteContext c) => c.Get<N.A>(); }",
        "namespace N { [Remote] public interface IA; public class A : IA; }\npublic class C { N.IA M(IRemoteContext c) => c.Get<N.IA>(); }")]
    [InlineData(
        "[Remote] public interface IA; public class A : IA;\npublic class C { void M(C c) => c?.Add(new A()); void Add<[ContractType] T>(T a) { } }",
        "[Remote] public interface IA; public class A : IA;\npublic class C { void M(C c) => c?.Add<IA>(new A()); void Add<[ContractType] T>(T a) { } }")]
    public async Task Fixes(string source, string fixedSource)
    {
        string result = await FixAsync(source) ?? "nothing is offered";

        Assert.Equal(fixedSource, result);
        Assert.Empty(TestCompiler.Generate(fixedSource).AssertClean().Analyze());
    }

    [Theory]
    [InlineData("[Remote] public interface IC { int A { set; } }")]
    [InlineData("[Remote] public interface IC { int this[int a] { get; set; } }")]
    [InlineData("[Remote] public interface IC : IB { void M(); } public interface IB : IDisposable;")]
    [InlineData("[Remote] public interface IC { IC? A { get; } }")]
    [InlineData("[Remote] public interface IC { IAsyncEnumerable<int> A { get; } }")]
    [InlineData("[Remote] public interface IC { IAsyncEnumerable<int> M(params int[] a); }")]
    [InlineData("[Remote] public interface IA; [Remote] public interface IB; public class A : IA, IB; public class C { object M(IRemoteContext c) => c.Get<A>(); }")]
    [InlineData("public interface IA<T>; public class C { object M(IRemoteContext c) => c.Get<IA<int>>(); }")]
    [InlineData("public class C { object M(IRemoteContext c) => c.Get<string>(); }")]
    public async Task Offers_nothing_where_there_is_a_choice(string source) => Assert.Null(await FixAsync(source));

    private static async Task<string?> FixAsync(string source)
    {
        GeneratedSample sample = TestCompiler.Generate(source);
        Diagnostic reported = Assert.Single(sample.Diagnostics.Concat(sample.Analyze()));
        CodeFixProvider? fix = s_fixes.SingleOrDefault(f => f.FixableDiagnosticIds.Contains(reported.Id));
        Assert.NotNull(fix);

        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source);
        SyntaxTree tree = (await document.GetSyntaxTreeAsync())!;
        var diagnostic = Diagnostic.Create(reported.Descriptor, Location.Create(tree, reported.Location.SourceSpan), properties: reported.Properties);
        CodeAction? action = null;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (offered, _) => action = offered, default));
        if (action is null)
        {
            return null;
        }

        ApplyChangesOperation change = (await action.GetOperationsAsync(default)).OfType<ApplyChangesOperation>().Single();
        SourceText text = await change.ChangedSolution.GetDocument(document.Id)!.GetTextAsync();
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static Document Open(AdhocWorkspace workspace, string source)
    {
        CSharpCompilation compilation = TestCompiler.Compile(source);
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Sample",
            "Sample",
            LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            metadataReferences: compilation.References));
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(static t => t.FilePath != "Sample.cs"))
        {
            project = project.AddDocument(tree.FilePath, tree.GetText()).Project;
        }

        return project.AddDocument("Sample.cs", source);
    }
}
