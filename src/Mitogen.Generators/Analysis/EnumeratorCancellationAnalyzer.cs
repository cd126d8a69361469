using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds iterators of contracts whose token is not that of the enumeration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EnumeratorCancellationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.EnumeratorCancellation];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(AnalyzeMethod, SymbolKind.Method);
    }

    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!method.IsAsync || !method.ReturnType.Is(KnownNames.AsyncEnumerable) || !ImplementsContract(method))
        {
            return;
        }

        foreach (IParameterSymbol parameter in method.Parameters.Where(static p => p.Type.Is(KnownNames.CancellationToken)))
        {
            if (!parameter.HasAttribute(KnownNames.EnumeratorCancellationAttribute))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptors.EnumeratorCancellation, parameter.Locations[0], parameter.Name, ContractReport.Describe(method)));
            }
        }
    }

    private static bool ImplementsContract(IMethodSymbol method) =>
        method.ContainingType.AllInterfaces
            .Where(static i => i.IsContract())
            .SelectMany(static i => i.AllInterfaces.Insert(0, i))
            .SelectMany(static i => i.GetMembers().OfType<IMethodSymbol>())
            .Any(member => SymbolEqualityComparer.Default.Equals(
                method.ContainingType.FindImplementationForInterfaceMember(member), method));
}
