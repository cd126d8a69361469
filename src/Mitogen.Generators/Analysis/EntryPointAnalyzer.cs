using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds what an entry point does before <c>MitogenApp.RunAsync</c>: a native program does it in each of its contexts.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EntryPointAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.BeforeRun];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KnownNames.MitogenApp) is not null
                && start.Compilation.GetEntryPoint(start.CancellationToken) is { } entryPoint)
            {
                start.RegisterOperationAction(call => AnalyzeCall(call, entryPoint), OperationKind.Invocation);
            }
        });
    }

    private static void AnalyzeCall(OperationAnalysisContext context, IMethodSymbol entryPoint)
    {
        if (EntryPointParser.IsRun(((IInvocationOperation)context.Operation).TargetMethod)
            && (SymbolEqualityComparer.Default.Equals(context.ContainingSymbol, entryPoint)
                || context.ContainingSymbol.Name == WellKnownMemberNames.TopLevelStatementsEntryPointMethodName)
            && StatementOf(context.Operation) is { Parent: IBlockOperation body } statement
            && body.Operations.TakeWhile(s => s != statement).FirstOrDefault(static s => !DoesNothing(s)) is { } first)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.BeforeRun, first.Syntax.GetLocation()));
        }
    }

    /// <returns>The statement of the method's own that the call is in; <see langword="null"/> in a function within the method.</returns>
    private static IOperation? StatementOf(IOperation call)
    {
        IOperation? outermost = null;
        for (IOperation at = call; at.Parent is { } parent; at = parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return null;
            }

            outermost = parent is IBlockOperation ? at : outermost;
        }

        return outermost;
    }

    private static bool DoesNothing(IOperation statement) =>
        statement is ILocalFunctionOperation or IEmptyOperation
        || (statement is IVariableDeclarationGroupOperation group
            && group.Declarations.All(static d => d.Declarators.All(static v => v.Symbol.IsConst)));
}
