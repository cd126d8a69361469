using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns one method of a contract into its model.</summary>
internal sealed class MethodParser(ContractReport report, PayloadParser payloads)
{
    public MethodModel? Parse(IMethodSymbol method)
    {
        string display = ContractReport.Describe(method);
        if (CheckDeclaration(method) is { } descriptor)
        {
            report.Add(descriptor, method, display);
            return null;
        }

        (ReturnKind kind, ITypeSymbol? resultType) = ParseReturn(method);
        PayloadType? result = resultType is null ? null : ParsePayload(resultType, method, display);
        bool isOneWay = method.HasAttribute(KnownNames.OneWayAttribute);
        if (isOneWay && resultType is not null)
        {
            report.Add(Descriptors.OneWayResult, method, display);
        }

        string signature = Identity.Signature(method);
        return new(
            method.ContainingType.SourceName(),
            SymbolNames.Escape(method.Name),
            Identity.OfMethod(signature),
            signature,
            $"{report.Contract.Name}.{method.Name}",
            kind,
            method.ReturnType.SourceName(),
            result,
            isOneWay,
            ParseParameters(method).ToEquatableArray());
    }

    private static DiagnosticDescriptor? CheckDeclaration(IMethodSymbol method) => method switch
    {
        { IsAbstract: false } => Descriptors.DefaultImplementation,
        { DeclaredAccessibility: not Accessibility.Public } => Descriptors.HiddenMember,
        { IsGenericMethod: true } => Descriptors.GenericMethod,
        { RefKind: not RefKind.None } => Descriptors.ByReference,
        _ => null,
    };

    private static (ReturnKind Kind, ITypeSymbol? Result) ParseReturn(IMethodSymbol method) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => (ReturnKind.Direct, null),
        INamedTypeSymbol type when type.Is(KnownNames.Task) => (ReturnKind.Task, null),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTask) => (ReturnKind.ValueTask, null),
        INamedTypeSymbol type when type.Is(KnownNames.TaskOfT) => (ReturnKind.Task, type.TypeArguments[0]),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTaskOfT) => (ReturnKind.ValueTask, type.TypeArguments[0]),
        ITypeSymbol type => (ReturnKind.Direct, type),
    };

    private IEnumerable<ParameterModel> ParseParameters(IMethodSymbol method)
    {
        bool hasToken = false;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            PayloadType? payload = null;
            if (parameter.RefKind != RefKind.None)
            {
                report.Add(Descriptors.ByReference, parameter, parameter.Name);
            }
            else if (!parameter.Type.Is(KnownNames.CancellationToken))
            {
                payload = ParsePayload(parameter.Type, parameter, parameter.Name);
            }
            else if (hasToken)
            {
                report.Add(Descriptors.SecondToken, parameter, parameter.Name);
            }
            else
            {
                hasToken = true;
            }

            yield return new(SymbolNames.Escape(parameter.Name), parameter.Type.SourceName(), payload);
        }
    }

    private PayloadType? ParsePayload(ITypeSymbol type, ISymbol at, string display)
    {
        if (type.TypeKind == TypeKind.Error)
        {
            report.AddCompilerError();
            return null;
        }

        if (UnsupportedShape.Of(type) is { } shape)
        {
            report.Add(shape.Descriptor, at, [display, .. shape.Words]);
            return null;
        }

        PayloadType payload = payloads.Parse(type);
        if (payload.Error is { } error)
        {
            report.Add(Descriptors.Payload, at, display, error.Path, error.Reason);
        }

        foreach (PayloadWarning warning in payload.Warnings)
        {
            report.Add(Descriptors.UncheckedPayload, at, display, warning.Path, warning.Reason);
        }

        return payload;
    }
}
