using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>The result of a method.</summary>
/// <param name="Kind">In which shape.</param>
/// <param name="Data">How the result, or an item of it, is written.</param>
/// <param name="Promised">The contract of a promised object.</param>
internal sealed record ResultModel(ReturnKind Kind, WireType? Data = null, ContractReference? Promised = null);

/// <summary>Finds the shape of a call in what its method returns.</summary>
internal sealed class ResultParser(ContractReport report, ContractData data)
{
    /// <summary>The type to return instead, for messages.</summary>
    public static string TaskOf(ITypeSymbol type) => $"Task<{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}>";

    /// <param name="method">The method, or a property's getter.</param>
    /// <param name="result">What it returns.</param>
    public ResultModel Parse(IMethodSymbol method, WrittenType result) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => new(ReturnKind.Direct),
        INamedTypeSymbol type when type.Is(KnownNames.Task) => new(ReturnKind.Task),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTask) => new(ReturnKind.ValueTask),
        INamedTypeSymbol type when type.Is(KnownNames.TaskOfT) => new(ReturnKind.Task, data.Parse(result.Argument)),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTaskOfT) => new(ReturnKind.ValueTask, data.Parse(result.Argument)),
        INamedTypeSymbol type when type.Is(KnownNames.AsyncEnumerable) => ParseItems(result, method),
        INamedTypeSymbol type when type.IsContract() && !type.IsOpen() => ParsePromise(type, result),
        _ => ParseDirect(result),
    };

    private ResultModel ParseItems(WrittenType result, IMethodSymbol method)
    {
        if (!method.Parameters.Any(static p => p.Type.Is(KnownNames.CancellationToken)))
        {
            report.Add(Descriptors.StreamWithoutToken, result.Of, ContractReport.Describe(result.Of));
        }

        return new(ReturnKind.Items, data.Parse(result.Argument, WirePlace.Item));
    }

    private ResultModel ParsePromise(INamedTypeSymbol type, WrittenType result)
    {
        if (type.NullableAnnotation == NullableAnnotation.Annotated)
        {
            report.Add(
                Descriptors.Promise, result, ContractReport.Describe(result.Of), "when it is not known whether there is an object", TaskOf(type));
        }

        // Reports what hides the contract from generated code.
        data.Parse(result);
        return new(ReturnKind.Promise, Promised: type.ReferenceFrom(report.Contract.ContainingAssembly));
    }

    private ResultModel ParseDirect(WrittenType result)
    {
        WireType? wire = data.Parse(result);
        if (wire?.References is { } references && !result.Type.IsByteStream())
        {
            report.Add(
                Descriptors.BlockingReference,
                data.Innermost(result, WirePlace.Call, (part, _) => part.References?.What == references.What),
                ContractReport.Describe(result.Of),
                references.Path,
                references.What,
                TaskOf(result.Type));
        }

        return new(ReturnKind.Direct, wire);
    }
}
