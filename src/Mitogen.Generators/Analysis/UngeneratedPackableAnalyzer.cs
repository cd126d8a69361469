using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>Finds <c>[MemoryPackable]</c> types that the generator of MemoryPack has not seen. A generator does not see what others print.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UngeneratedPackableAnalyzer : DiagnosticAnalyzer
{
    private const string Register = "MemoryPack.IMemoryPackFormatterRegister";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.UngeneratedPackable];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Check, SymbolKind.NamedType);
    }

    // That a type is not partial is said where it is sent.
    private static void Check(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (Packable.Find(type) is { GenerateType: not PackableKind.NoGenerate }
            && Packable.PartThatIsWhole(type) is null
            && !type.AllInterfaces.Any(static i => i.Is(Register))
            && !IsBroken(type, context.CancellationToken))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.UngeneratedPackable, type.Locations[0], type.Name));
        }
    }

    // The generator of MemoryPack leaves out what does not compile.
    private static bool IsBroken(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(cancellationToken).GetDiagnostics().Any(static d => d.Severity == DiagnosticSeverity.Error))
        || type.GetAttributes().SelectMany(static a => a.ConstructorArguments).Any(static a =>
            a.Kind == TypedConstantKind.Error || a.Value is ITypeSymbol { TypeKind: TypeKind.Error });
}
