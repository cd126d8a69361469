using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;

namespace Mitogen.Generators.Parsing;

/// <summary>Gathers what is wrong with one contract.</summary>
internal sealed class ContractReport(INamedTypeSymbol contract, Compilation compilation)
{
    private readonly List<DiagnosticInfo> _diagnostics = [];
    private readonly CompilerErrors _compilerErrors = new(compilation);

    public INamedTypeSymbol Contract => contract;

    public IReadOnlyList<DiagnosticInfo> Diagnostics => _diagnostics;

    public bool HasErrors { get; private set; }

    /// <summary>Whether an error of the compiler is a reason for which the contract is given up.</summary>
    public bool HasCompilerErrors { get; private set; }

    /// <summary>Whether errors only count, because another parse reports them.</summary>
    public bool IsMuted { get; set; }

    public static string Describe(ISymbol member) =>
        member is IParameterSymbol parameter ? parameter.Name : $"{member.ContainingType.Name}.{member.Name}";

    /// <summary>Reports at the contract's own name.</summary>
    public void Add(DiagnosticDescriptor descriptor, params string[] arguments) =>
        Add(descriptor, _compilerErrors.AreInHeader(contract), contract.Locations[0], arguments);

    /// <summary>Reports at a member or a parameter, or where the contract names the interface that it inherits it from.</summary>
    public void Add(DiagnosticDescriptor descriptor, ISymbol member, params string[] arguments) => Add(
        descriptor,
        _compilerErrors.AreIn(member),
        member.IsDeclaredIn(contract.ContainingAssembly) ? member.Locations[0] : BaseOf(member.ContainingType),
        arguments);

    /// <summary>Reports at a type in a signature, or where the contract gives an inherited signature its types.</summary>
    public void Add(DiagnosticDescriptor descriptor, WrittenType at, params string[] arguments) => Add(
        descriptor,
        _compilerErrors.AreIn(at.Of),
        at.Syntax is { } syntax && at.Of.IsDeclaredIn(contract.ContainingAssembly) && !at.Of.ContainingType.IsGenericType
            ? syntax.GetLocation()
            : BaseOf(at.Of.ContainingType),
        arguments);

    /// <summary>Reports where the contract names an interface that it inherits.</summary>
    public void AddInherited(DiagnosticDescriptor descriptor, INamedTypeSymbol inherited, params string[] arguments) =>
        Add(descriptor, _compilerErrors.AreInHeader(contract), BaseOf(inherited), arguments);

    /// <summary>Gives the contract up because of an error that the compiler itself reports.</summary>
    public void AddCompilerError() => HasErrors = HasCompilerErrors = true;

    private void Add(DiagnosticDescriptor descriptor, bool isOfCompiler, Location location, string[] arguments)
    {
        bool isError = descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        HasErrors |= isError;
        HasCompilerErrors |= isOfCompiler && isError;
        if (!IsMuted && !isOfCompiler)
        {
            _diagnostics.Add(DiagnosticInfo.Create(descriptor, LocationInfo.Of(location), arguments));
        }
    }

    private Location BaseOf(INamedTypeSymbol inherited) => BaseTypes.LocationOf(contract, inherited, compilation) ?? contract.Locations[0];
}
