using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds calls of a contract's blocking members in asynchronous code, whose thread they hold as long as they take.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.BlockingCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KnownNames.RemoteAttribute) is not null)
            {
                start.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation, OperationKind.PropertyReference);
            }
        });
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        (IOperation? receiver, ISymbol member, ITypeSymbol result) = context.Operation switch
        {
            IInvocationOperation call => (call.Instance, call.TargetMethod, call.TargetMethod.ReturnType),
            IPropertyReferenceOperation read => (read.Instance, (ISymbol)read.Property, read.Type!),
            _ => default,
        };
        if (receiver?.Type is INamedTypeSymbol contract && contract.IsContract() && !context.Operation.Syntax.ContainsDiagnostics && IsBlocking(member, result) && IsInAsyncCode(context))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.BlockingCall,
                context.Operation.Syntax.GetLocation(),
                ContractReport.Describe(member),
                Remedy(contract, member, result)));
        }
    }

    private static bool IsBlocking(ISymbol member, ITypeSymbol result) =>
        member is { ContainingType.TypeKind: TypeKind.Interface, IsAbstract: true }
        && !member.HasAttribute(KnownNames.OneWayAttribute)
        && !result.IsContract()
        && !result.IsTask()
        && !result.Is(KnownNames.AsyncEnumerable);

    // The nearest function counts: a lambda within an async method may run elsewhere.
    private static bool IsInAsyncCode(OperationAnalysisContext context)
    {
        for (IOperation? at = context.Operation.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case INameOfOperation:
                    return false;
                case IAnonymousFunctionOperation lambda:
                    return lambda.Symbol.IsAsync;
                case ILocalFunctionOperation local:
                    return local.Symbol.IsAsync;
            }
        }

        return context.ContainingSymbol is IMethodSymbol { IsAsync: true };
    }

    private static string Remedy(INamedTypeSymbol contract, ISymbol member, ITypeSymbol result)
    {
        ISymbol? counterpart = contract.AllInterfaces.Insert(0, contract)
            .SelectMany(i => i.GetMembers(member.Name + "Async").Concat(i.GetMembers($"Get{member.Name}Async")))
            .FirstOrDefault(static m => m is IMethodSymbol);
        string task = result.SpecialType == SpecialType.System_Void ? "Task" : ResultParser.TaskOf(result);
        return counterpart is null
            ? $"await a method of the contract that returns {task}"
            : $"await '{ContractReport.Describe(counterpart)}'";
    }
}
