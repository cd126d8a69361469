using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Mitogen.Generators.Analysis;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>A sample and what the generator made of it.</summary>
internal sealed class GeneratedSample(GeneratorRunResult result, CSharpCompilation output)
{
    public GeneratorRunResult Result => result;

    public CSharpCompilation Output => output;

    /// <summary>What the generator reported.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => result.Diagnostics;

    /// <summary>What the analyzers beside the generator report.</summary>
    public IReadOnlyList<Diagnostic> Analyze() => output
        .WithAnalyzers(
        [
            new BlockingCallAnalyzer(), new ContractTypeAnalyzer(), new EntryPointAnalyzer(), new EnumeratorCancellationAnalyzer(),
            new GivenUpAnalyzer(), new UngeneratedPackableAnalyzer(), new UnservedContractAnalyzer(),
        ])
        .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();

    public string this[string hintName] => result.GeneratedSources.Single(s => s.HintName == hintName).SourceText.ToString();

    /// <summary>The same with what the serializer's own generator prints.</summary>
    public GeneratedSample WithPackables() => new(result, output.AddPackables());

    /// <summary>Asserts that neither the generator nor the compiler has anything to say.</summary>
    public GeneratedSample AssertClean()
    {
        Assert.Null(result.Exception);
        IEnumerable<Diagnostic> found = result.Diagnostics
            .Concat(WithWarnings().GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Assert.True(!found.Any(), string.Join('\n', found) + "\n\n" + string.Join('\n', result.GeneratedSources.Select(s => s.SourceText)));
        return this;
    }

    /// <summary>The compilation with the warnings that generated code turns off as a whole: by itself it has none.</summary>
    private CSharpCompilation WithWarnings()
    {
        CSharpCompilation warned = output;
        foreach (SyntaxTree tree in result.GeneratedSources.Select(static s => s.SyntaxTree).Where(output.ContainsSyntaxTree))
        {
            warned = warned.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(
                tree.ToString().Replace(Emission.SourceFile.NoWarnings, "", StringComparison.Ordinal), (CSharpParseOptions)tree.Options, tree.FilePath));
        }

        return warned;
    }

    /// <summary>The compiled sample as another sample references it.</summary>
    public MetadataReference ToReference() => output.EmitToImageReference();

    /// <summary>Loads the sample, after what it references, and runs its <c>Driver.RunAsync</c> on a context that loops calls back.</summary>
    /// <param name="configure">Makes the services of the context from the startup classes.</param>
    /// <param name="referenced">The samples that this one references.</param>
    public async Task<string> RunAsync(
        Func<IReadOnlyDictionary<string, Action<object>>, IServiceProvider>? configure = null, params GeneratedSample[] referenced)
    {
        var loader = new AssemblyLoadContext("sample", isCollectible: true);
        try
        {
            foreach (GeneratedSample sample in referenced)
            {
                loader.LoadFromStream(new MemoryStream(sample.Output.EmitToArray()));
            }

            var assembly = loader.LoadFromStream(new MemoryStream(output.EmitToArray()));
            var catalog = new RemoteCatalog();
            string generated = Parsing.Identity.NamespaceOf(assembly.GetName().Name!).Replace("@", "", StringComparison.Ordinal);
            Type? catalogClass = assembly.GetType($"{generated}.Catalog");
            if (catalogClass is not null)
            {
                catalog = (RemoteCatalog)catalogClass.GetMethod("Create")!.Invoke(null, null)!;
            }
            else
            {
                assembly.GetType($"{generated}.Registration", throwOnError: true)!
                    .GetMethod("Register")!.Invoke(null, [catalog]);
            }

            var context = new LoopbackContext(catalog, configure?.Invoke(catalog.Startups));
            Type driver = assembly.GetTypes().Single(t => t.Name == "Driver");
            return await (Task<string>)driver.GetMethod("RunAsync")!.Invoke(null, [context])!;
        }
        finally
        {
            loader.Unload();
        }
    }
}
