using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>Compiles samples as a project would: with implicit usings, nullable on, and the generator.</summary>
internal static class TestCompiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Mitogen;
        """;

    // Samples see Mitogen.Abstractions alone; those that are programs go through this in place of the runtime's.
    private const string App = """
        namespace Mitogen
        {
            public static class MitogenApp
            {
                public static Task<int> RunAsync(string[] args, Func<IRemoteContext, Task> body) => Task.FromResult(args.Length + body.GetHashCode());
            }
        }
        """;

    private static readonly string[] s_sharedPrefixes =
        ["System.", "Microsoft.Extensions.", "Microsoft.CSharp", "MemoryPack.", "Mitogen.Abstractions", "netstandard", "mscorlib"];

    // Documentation is checked in generated code only: samples have none.
    private static readonly CSharpParseOptions s_parseOptions = new(
        LanguageVersion.Latest, DocumentationMode.Parse, preprocessorSymbols: ["NET5_0_OR_GREATER", "NET7_0_OR_GREATER"]);
    private static readonly CSharpParseOptions s_generatedParseOptions = s_parseOptions.WithDocumentationMode(DocumentationMode.Diagnose);

    // As the SDK has it: a library built for an older framework runs on a newer one.
    private static readonly Dictionary<string, ReportDiagnostic> s_options = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
    };

    private static readonly Lazy<IIncrementalGenerator> s_packables = new(() =>
    {
        string path = typeof(TestCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "MemoryPackGenerator").Value!;
        return (IIncrementalGenerator)Activator.CreateInstance(
            Assembly.LoadFrom(path).GetType("MemoryPack.Generator.MemoryPackGenerator", throwOnError: true)!)!;
    });

    /// <summary>The framework, and what a project that references Mitogen.Abstractions sees.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => s_sharedPrefixes.Any(prefix => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Compile(
        string source, string assemblyName = "Sample", bool isExecutable = false, params MetadataReference[] references)
    {
        bool hasEntryPoint = source.Contains("MitogenApp.", StringComparison.Ordinal);
        string program = hasEntryPoint ? App : isExecutable ? "file static class Program { private static void Main() { } }" : "";
        return CSharpCompilation.Create(
            assemblyName,
            [
                Tree(source, "Sample.cs"),
                Tree(ImplicitUsings + program, "Project.cs"),
            ],
            [.. References, .. references],
            new CSharpCompilationOptions(
                isExecutable ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                deterministic: true,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: s_options,
                warningLevel: 9999));
    }

    public static SyntaxTree Tree(string source, string path) => CSharpSyntaxTree.ParseText(source, s_parseOptions, path);

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new MitogenGenerator().AsSourceGenerator()],
        parseOptions: s_generatedParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator on a sample.</summary>
    /// <param name="input">The sample.</param>
    /// <param name="printed">The code that another generator prints at the same time, if there is one.</param>
    public static GeneratedSample Generate(CSharpCompilation input, string? printed = null)
    {
        GeneratorDriver driver = CreateDriver();
        driver = (printed is null ? driver : driver.AddGenerators([new PrintingGenerator(printed).AsSourceGenerator()]))
            .RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        return new GeneratedSample(driver.GetRunResult().Results[0], (CSharpCompilation)output);
    }

    /// <summary>The same of a project that is compiled as an older language.</summary>
    public static GeneratedSample Generate(CSharpCompilation input, LanguageVersion version)
    {
        input = input.RemoveAllSyntaxTrees().AddSyntaxTrees(input.SyntaxTrees.Select(t => CSharpSyntaxTree.ParseText(
            t.ToString(), ((CSharpParseOptions)t.Options).WithLanguageVersion(version), t.FilePath)));
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new MitogenGenerator().AsSourceGenerator()], parseOptions: s_parseOptions.WithLanguageVersion(version))
            .RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        return new GeneratedSample(driver.GetRunResult().Results.Single(), (CSharpCompilation)output);
    }

    /// <summary>Adds what the serializer's own generator prints for <c>[MemoryPackable]</c> types.</summary>
    public static CSharpCompilation AddPackables(this CSharpCompilation compilation)
    {
        CSharpGeneratorDriver.Create([s_packables.Value.AsSourceGenerator()], parseOptions: s_parseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out var diagnostics);
        Assert.Empty(diagnostics);
        return (CSharpCompilation)output;
    }

    public static GeneratedSample Generate(
        string source, string assemblyName = "Sample", bool isExecutable = false, params MetadataReference[] references) =>
        Generate(Compile(source, assemblyName, isExecutable, references));

    /// <summary>The compilation as another one references it.</summary>
    public static MetadataReference EmitToImageReference(this Compilation compilation) =>
        MetadataReference.CreateFromImage(compilation.EmitToArray());

    public static byte[] EmitToArray(this Compilation compilation)
    {
        using var stream = new MemoryStream();
        EmitResult emitted = compilation.Emit(stream);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return stream.ToArray();
    }

    private sealed class PrintingGenerator(string code) : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context) =>
            context.RegisterSourceOutput(context.CompilationProvider, (output, _) => output.AddSource("Printed.g.cs", Emission.SourceFile.NoWarnings + code));
    }

    /// <summary>The folder of this project's sources.</summary>
    public static string ProjectFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(Path.GetDirectoryName(path))!;
}
