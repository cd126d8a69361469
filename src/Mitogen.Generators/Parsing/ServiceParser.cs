using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns a <c>[RemoteService]</c> class into its model.</summary>
internal sealed class ServiceParser
{
    private readonly INamedTypeSymbol _service;
    private readonly List<DiagnosticInfo> _diagnostics = [];

    private readonly Compilation _compilation;
    private readonly CompilerErrors _compilerErrors;
    private bool _hasCompilerErrors;

    private ServiceParser(Declaration declaration)
    {
        (_service, _compilation) = (declaration.Symbol, declaration.Compilation);
        _compilerErrors = new CompilerErrors(_compilation);
    }

    public static ParseResult<ServiceModel> Parse(Declaration declaration, CancellationToken cancellationToken)
    {
        if (declaration.Symbol.Name.Length == 0 || !declaration.Symbol.IsFirstUse(declaration.Node, KnownNames.RemoteServiceAttribute))
        {
            return ParseResult<ServiceModel>.Nothing;
        }

        var parser = new ServiceParser(declaration);
        ServiceModel model = parser.Parse();
        return new(parser._diagnostics.Count == 0 && !parser._hasCompilerErrors ? model : null, parser._diagnostics.ToEquatableArray())
        {
            HasCompilerErrors = parser._hasCompilerErrors,
        };
    }

    private ServiceModel Parse()
    {
        EquatableArray<ContractReference> contracts = ParseContracts().ToEquatableArray();
        if (contracts.Count == 0 && _diagnostics.Count == 0)
        {
            Report(Descriptors.ServiceWithoutContract, _service.Name);
        }

        if (_service.IsForbidden())
        {
            Report(Descriptors.Forbidden, _service.Name);
        }

        if (_service.WhyHidden() is { } hidden)
        {
            Report(Descriptors.HiddenService, _service.Name, hidden);
        }

        EquatableArray<DependencyModel> dependencies = default;
        if (WhyNotCreatable() is { } reason)
        {
            Report(Descriptors.ServiceNotCreatable, _service.Name, reason);
        }
        else if (FindConstructor() is { } constructor)
        {
            if (constructor.IsForbidden() && !_service.IsForbidden())
            {
                Report(Descriptors.Forbidden, $"{_service.Name}.{_service.Name}");
            }

            if (HasRequiredMembers() && !constructor.HasAttribute(KnownNames.SetsRequiredMembersAttribute))
            {
                Report(Descriptors.ServiceNotCreatable, _service.Name, "has required members: take their values as constructor parameters");
            }

            dependencies = constructor.Parameters.Select(ParseDependency).ToEquatableArray();
        }

        return new(_service.TypeOfName(), _service.FullMetadataName(), Identity.ClassOf(_service), contracts, _service.BaseContracts(), dependencies,
            Option("Concurrency") is 1, Option("Ordered") is not false);
    }

    private IEnumerable<ContractReference> ParseContracts()
    {
        foreach (INamedTypeSymbol contract in _service.AllInterfaces.Where(static i => i.IsContract() && !i.IsOpen()))
        {
            if (!contract.HasGeneratedClass(_service.ContainingAssembly))
            {
                ReportAt(
                    BaseTypes.LocationOf(_service, contract, _compilation), Descriptors.ContractNotGenerated, contract.Name, contract.ContainingAssembly.Name);
            }

            yield return contract.ReferenceFrom(_service.ContainingAssembly);
        }
    }

    private object? Option(string name) => _service.GetAttributes()
        .Where(static a => a.AttributeClass?.FullMetadataName() == KnownNames.RemoteServiceAttribute)
        .SelectMany(static a => a.NamedArguments)
        .FirstOrDefault(a => a.Key == name).Value.Value;

    private string? WhyNotCreatable() => _service switch
    {
        { IsStatic: true } => "is static",
        { IsAbstract: true } => "is abstract",
        _ when _service.IsOpen() => "has type parameters, or is nested in a type that has",
        _ => null,
    };

    private bool HasRequiredMembers()
    {
        for (INamedTypeSymbol? type = _service; type is not null; type = type.BaseType)
        {
            if (type.GetMembers().Any(static m => m is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
            {
                return true;
            }
        }

        return false;
    }

    private IMethodSymbol? FindConstructor()
    {
        IMethodSymbol[] usable = WithAccess(Accessibility.Public);
        if (usable.Length == 0)
        {
            usable = WithAccess(Accessibility.Internal, Accessibility.ProtectedOrInternal);
        }

        if (usable.Length == 1)
        {
            return usable[0];
        }

        Report(Descriptors.ServiceConstructor, _service.Name, usable.Length == 0 ? "no" : "several");
        return null;

        IMethodSymbol[] WithAccess(params Accessibility[] accepted) =>
            [.. _service.InstanceConstructors.Where(c => accepted.Contains(c.DeclaredAccessibility) && !c.IsVararg)];
    }

    private DependencyModel ParseDependency(IParameterSymbol parameter)
    {
        if (CompilerErrors.HasUnknown(parameter.Type))
        {
            _hasCompilerErrors = true;
        }
        else if (WhyNotSupplied(parameter) is { } reason)
        {
            ReportAt(parameter.Locations[0], Descriptors.ServiceParameter, parameter.Name, reason);
        }
        else if (WhyNoServiceType(parameter.Type) is { } unusable)
        {
            ReportAt(WrittenType.OfParameter(parameter).Syntax?.GetLocation(), Descriptors.ServiceParameter, parameter.Name, unusable);
        }

        ITypeSymbol type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : parameter.Type;
        return new(
            parameter.Name,
            type.TypeOfName(),
            type.Is(KnownNames.LoggerOfT) ? ((INamedTypeSymbol)type).TypeArguments[0].TypeOfName() : null,
            DefaultValues.Of(parameter));
    }

    private static string? WhyNotSupplied(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: not RefKind.None } => "is passed by reference",
        _ when parameter.HasAttribute(KnownNames.FromKeyedServicesAttribute) =>
            "asks for a keyed service, which is not supported in this version",
        _ => null,
    };

    private string? WhyNoServiceType(ITypeSymbol type) => type switch
    {
        IDynamicTypeSymbol or IPointerTypeSymbol or IFunctionPointerTypeSymbol or { IsRefLikeType: true } => "has a type that no service has",
        _ when _compilation.AliasOf(type.ContainingAssembly) is { } alias => $"is of type '{type.Name}', which {ReferenceAliases.Reason(alias)}",
        _ when type.IsForbidden() => $"is of type '{type.Name}', which is obsolete as an error",
        _ => null,
    };

    private void Report(DiagnosticDescriptor descriptor, params string[] arguments) => ReportAt(null, descriptor, arguments);

    /// <summary>Reports at a place in the declaration, or at the service's name.</summary>
    private void ReportAt(Location? location, DiagnosticDescriptor descriptor, params string[] arguments)
    {
        if (_hasCompilerErrors || _compilerErrors.AreIn(_service))
        {
            _hasCompilerErrors = true;
        }
        else
        {
            _diagnostics.Add(DiagnosticInfo.Create(descriptor, LocationInfo.Of(location ?? _service.Locations[0]), arguments));
        }
    }
}
