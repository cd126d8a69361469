using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds a <c>[OneWay]</c> that no contract can see. Those of contracts are read with the contract.</summary>
internal static class OneWayParser
{
    public static EquatableArray<DiagnosticInfo> Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        ISymbol method = context.TargetSymbol;
        return method.ContainingType is { TypeKind: TypeKind.Interface }
            ? default
            : new([DiagnosticInfo.Create(Descriptors.OneWayOutsideContract, LocationInfo.Of(method), ContractReport.Describe(method))]);
    }
}
