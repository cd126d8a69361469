using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;

namespace Mitogen.Generators.Parsing;

/// <summary>Gathers what is wrong with one contract.</summary>
internal sealed class ContractReport(INamedTypeSymbol contract)
{
    private readonly List<DiagnosticInfo> _diagnostics = [];

    public INamedTypeSymbol Contract => contract;

    public IReadOnlyList<DiagnosticInfo> Diagnostics => _diagnostics;

    public bool HasErrors { get; private set; }

    /// <summary>Whether errors only count, because another parse reports them.</summary>
    public bool IsMuted { get; set; }

    public static string Describe(ISymbol member) =>
        member is IParameterSymbol parameter ? parameter.Name : $"{member.ContainingType.Name}.{member.Name}";

    /// <summary>Reports at the symbol, or at the contract that inherits it from another assembly.</summary>
    public void Add(DiagnosticDescriptor descriptor, ISymbol symbol, params string[] arguments)
    {
        HasErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        if (!IsMuted)
        {
            bool isOurs = SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, contract.ContainingAssembly);
            _diagnostics.Add(DiagnosticInfo.Create(descriptor, LocationInfo.Of(isOurs ? symbol : contract), arguments));
        }
    }

    /// <summary>Gives the contract up because of an error that the compiler itself reports.</summary>
    public void AddCompilerError() => HasErrors = true;
}
