using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds declarations that did not compile when the generator ran, and do now: another generator printed what was missing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GivenUpAnalyzer : DiagnosticAnalyzer
{
    private static readonly string s_metadata = typeof(AssemblyMetadataAttribute).FullName;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.UnseenGenerated];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(Analyze);
    }

    private static void Analyze(CompilationAnalysisContext context)
    {
        string[] names =
        [
            .. context.Compilation.Assembly.GetAttributes()
                .Where(static a => a.AttributeClass?.FullMetadataName() == s_metadata
                    && a.ConstructorArguments is { Length: 2 } arguments && arguments[0].Value is GivenUpModel.Key)
                .Select(static a => a.ConstructorArguments[1].Value).OfType<string>(),
        ];
        if (names.Length == 0 || context.Compilation.GetDiagnostics(context.CancellationToken).Any(static d => d.DefaultSeverity == DiagnosticSeverity.Error))
        {
            return;
        }

        foreach (INamedTypeSymbol type in names.Select(context.Compilation.Assembly.GetTypeByMetadataName).OfType<INamedTypeSymbol>())
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.UnseenGenerated, type.Locations[0], type.Name));
        }
    }
}
