using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds what contexts are asked for, and fakes are given, that is not a contract.</summary>
/// <remarks>A type parameter is not judged: the method that has it says by <c>[ContractType]</c> that its callers' types are.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContractTypeAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property that has the contract to name instead, as source.</summary>
    public const string Instead = "Instead";

    /// <summary>The property of an interface that can be marked <c>[Remote]</c> in this project: its id.</summary>
    public const string Markable = "Markable";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.NotAContract, Descriptors.ContractNotGenerated];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KnownNames.ContractTypeAttribute) is not null)
            {
                var arguments = new ContractArguments();
                start.RegisterOperationAction(call => Analyze(call, arguments), OperationKind.Invocation, OperationKind.MethodReference);
            }
        });
    }

    private static void Analyze(OperationAnalysisContext context, ContractArguments arguments)
    {
        foreach (ContractArgument argument in arguments.In(context.Operation))
        {
            ITypeSymbol type = argument.Type;
            if (type.IsContract())
            {
                var contract = (INamedTypeSymbol)type;
                if (!contract.IsOpen() && !contract.HasGeneratedClass(context.Compilation.Assembly))
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        Descriptors.ContractNotGenerated, argument.Location, contract.Name, contract.ContainingAssembly.Name));
                }
            }
            else if (type is { TypeKind: not TypeKind.TypeParameter, IsReferenceType: true } && !CompilerErrors.HasUnknown(type))
            {
                context.ReportDiagnostic(Report(argument, context.Compilation.Assembly));
            }
        }
    }

    private static Diagnostic Report(ContractArgument argument, IAssemblySymbol assembly)
    {
        INamedTypeSymbol[] contracts = [.. argument.Type.AllInterfaces.Where(static i => i.IsContract() && !i.IsOpen())];
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        string remedy;
        if (argument.Type is INamedTypeSymbol { TypeKind: TypeKind.Interface } type)
        {
            bool isMarkable = type.IsDeclaredIn(assembly) && !type.IsOpen();
            properties = isMarkable ? properties.Add(Markable, type.GetDocumentationCommentId()) : properties;
            remedy = isMarkable ? "mark it [Remote]"
                : type.IsOpen() || type.IsOfFramework() ? "name an interface that is marked [Remote]"
                : "mark it [Remote] where it is declared";
        }
        else if (contracts.Length == 1)
        {
            properties = properties.Add(Instead, contracts[0].SourceName());
            remedy = $"name '{TypeNames.People(contracts[0])}', which it implements";
        }
        else
        {
            remedy = contracts.Length == 0
                ? "name an interface that is marked [Remote]"
                : $"name one of {string.Join(", ", contracts.Select(static c => $"'{TypeNames.People(c)}'"))}, which it implements";
        }

        return Diagnostic.Create(
            Descriptors.NotAContract, argument.Location, properties, TypeNames.People(argument.Type), argument.Method.Name, remedy);
    }
}
