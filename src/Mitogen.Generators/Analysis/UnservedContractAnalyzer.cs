using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds contracts that a program asks its contexts for and that none of its assemblies serves.</summary>
/// <remarks>
/// A library is not judged, as its programs may serve what it asks for; nor a program that has fakes, contexts of its own kind or a catalog
/// of its own, which may serve anything.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnservedContractAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.UnservedContract];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.SourceModule.ReferencedAssemblies.Any(static a => a.Name == KnownNames.TestingAssembly))
            {
                return;
            }

            ReferencesModel references = ReferenceParser.Parse(start.Compilation, start.CancellationToken);
            if (references.IsExecutable)
            {
                var program = new Findings(references);
                start.RegisterOperationAction(program.AddCall, OperationKind.Invocation, OperationKind.MethodReference);
                start.RegisterOperationAction(program.AddAssignment, OperationKind.SimpleAssignment);
                start.RegisterSymbolAction(program.AddType, SymbolKind.NamedType);
                start.RegisterCompilationEndAction(program.Report);
            }
        });
    }

    /// <summary>The parts of a program that matter, as they are come across.</summary>
    private sealed class Findings(ReferencesModel references)
    {
        private readonly ContractArguments _arguments = new();
        private readonly ConcurrentBag<ContractArgument> _asked = [];
        private readonly ConcurrentBag<string> _served = [.. references.Assemblies.SelectMany(static a => a.Services).SelectMany(static s => s.Contracts)];

        // Written by several threads, and only ever true.
        private volatile bool _mayServeAnything;

        public void AddCall(OperationAnalysisContext context)
        {
            foreach (ContractArgument argument in _arguments.In(context.Operation))
            {
                if (argument.Type is INamedTypeSymbol contract
                    && contract.IsContract()
                    && contract.HasGeneratedClass(context.Compilation.Assembly)
                    && (argument.Method.ContainingType.Is(KnownNames.RemoteContext) || argument.Method.ContainingType.Is(KnownNames.MitogenRoot)))
                {
                    _asked.Add(argument);
                }
            }
        }

        public void AddAssignment(OperationAnalysisContext context)
        {
            if (((ISimpleAssignmentOperation)context.Operation).Target is IPropertyReferenceOperation { Property: { Name: "Catalog" } property }
                && property.ContainingType.Is(KnownNames.MitogenOptions))
            {
                _mayServeAnything = true;
            }
        }

        public void AddType(SymbolAnalysisContext context)
        {
            var type = (INamedTypeSymbol)context.Symbol;
            if (type.TypeKind != TypeKind.Interface && type.AllInterfaces.Any(static i => i.Is(KnownNames.RemoteContext)))
            {
                _mayServeAnything = true;
            }

            // Also one that has an error of its own, which is told there.
            if (type.HasAttribute(KnownNames.RemoteServiceAttribute))
            {
                foreach (INamedTypeSymbol contract in type.AllInterfaces.Where(static i => i.IsContract()))
                {
                    _served.Add(contract.FullMetadataName());
                }
            }
        }

        public void Report(CompilationAnalysisContext context)
        {
            if (_mayServeAnything)
            {
                return;
            }

            HashSet<string> served = new(_served, StringComparer.Ordinal);
            foreach (ContractArgument argument in _asked.Where(a => !served.Contains(((INamedTypeSymbol)a.Type).FullMetadataName())))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.UnservedContract, argument.Location, TypeNames.People(argument.Type)));
            }
        }
    }
}
