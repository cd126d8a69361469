using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns a <c>[Remote]</c> interface into its model, or says at which member it cannot be one.</summary>
internal sealed class ContractParser
{
    private readonly ContractReport _report;
    private readonly INamedTypeSymbol _contract;
    private readonly Compilation _compilation;
    private readonly MethodParser _methods;
    private readonly Dictionary<uint, ISymbol> _members = [];

    private ContractParser(INamedTypeSymbol contract, Compilation compilation)
    {
        _contract = contract;
        _compilation = compilation;
        _report = new ContractReport(contract, compilation);
        _methods = new MethodParser(_report, new ContractData(_report, new WireParser(compilation)));
    }

    public static ParseResult<ContractModel> Parse(Declaration declaration, CancellationToken cancellationToken)
    {
        if (declaration.Symbol.Name.Length == 0 || !declaration.Symbol.IsFirstUse(declaration.Node, KnownNames.RemoteAttribute))
        {
            return ParseResult<ContractModel>.Nothing;
        }

        var parser = new ContractParser(declaration.Symbol, declaration.Compilation);
        ContractModel? model = parser.Parse(cancellationToken);
        return new(model, parser._report.Diagnostics.ToEquatableArray()) { HasCompilerErrors = parser._report.HasCompilerErrors };
    }

    private ContractModel? Parse(CancellationToken cancellationToken)
    {
        if (_contract.ContainingSymbol is INamespaceOrTypeSymbol around && around.GetTypeMembers(_contract.Name, _contract.Arity).Length > 1)
        {
            _report.AddCompilerError();
            return null;
        }

        CheckType();
        if (_contract.IsOpen())
        {
            // Errors of its members about the type parameters would only repeat that.
            return null;
        }

        var methods = new List<MethodModel>();
        ParseMembers(_contract, methods);
        foreach (INamedTypeSymbol type in _contract.AllInterfaces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (type.Is(KnownNames.AsyncDisposable))
            {
                // Every proxy has it: it lets go of the object.
                continue;
            }

            if (type.Is(KnownNames.Disposable))
            {
                _report.AddInherited(Descriptors.DisposableContract, type, _contract.Name);
                continue;
            }

            if (_compilation.AliasOf(type.ContainingAssembly) is { } alias)
            {
                _report.AddInherited(
                    Descriptors.UnsendableData, type, $"The contract '{_contract.Name}'", type.Name, $"'{type.Name}' {ReferenceAliases.Reason(alias)}");
                continue;
            }

            // An error of a contract of this compilation is told once, by its own parse.
            _report.IsMuted = type.IsContract() && type.IsDeclaredIn(_contract.ContainingAssembly);
            ParseMembers(type, methods);
            _report.IsMuted = false;
        }

        CheckIds(methods);
        if (_report.HasErrors)
        {
            return null;
        }

        string metadataName = _contract.FullMetadataName();
        return new(
            _contract.SourceName(),
            metadataName,
            Identity.ClassOf(_contract),
            Identity.OfContract(metadataName),
            _contract.IsVisibleOutside(),
            methods.ToEquatableArray());
    }

    private void CheckType()
    {
        if (_contract.IsOpen())
        {
            _report.Add(Descriptors.GenericContract, _contract.Name);
        }

        if (_contract.IsForbidden())
        {
            _report.Add(Descriptors.Forbidden, _contract.Name);
        }

        if (_contract.WhyHidden() is { } reason)
        {
            _report.Add(Descriptors.HiddenContract, _contract.Name, reason);
        }
    }

    private void ParseMembers(INamedTypeSymbol type, List<MethodModel> methods)
    {
        if (type.GetMembers().GroupBy(static m => m.Name).Any(static same => same.Count() > 1 && same.Any(static m => m is not IMethodSymbol)))
        {
            _report.AddCompilerError();
        }

        foreach (ISymbol member in type.GetMembers())
        {
            switch (member)
            {
                // Neither a nested type nor a static helper with a body is a part of the contract.
                case ITypeSymbol or IFieldSymbol or { IsStatic: true, IsAbstract: false, IsVirtual: false }:
                // An accessor goes with its property or event.
                case IMethodSymbol { AssociatedSymbol: not null }:
                    break;

                case { IsStatic: true }:
                    _report.Add(Descriptors.StaticMember, member, ContractReport.Describe(member));
                    break;

                case IEventSymbol:
                    _report.Add(Descriptors.Event, member, ContractReport.Describe(member));
                    break;

                case IMethodSymbol or IPropertySymbol when _methods.Parse(member) is { } model:
                    methods.Add(model);
                    _members[model.Id] = member;
                    break;
            }
        }
    }

    private void CheckIds(List<MethodModel> methods)
    {
        foreach (IGrouping<uint, MethodModel> same in methods.GroupBy(static m => m.Id).Where(static g => g.Count() > 1))
        {
            _report.Add(Descriptors.DuplicateMethod, _members[same.Key], same.First().Signature, same.Last().Signature);
        }
    }
}
