using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>The result of a method.</summary>
/// <param name="Kind">In which shape.</param>
/// <param name="Payload">How the result, or an item of it, is written.</param>
/// <param name="Promised">The contract of a promised object.</param>
internal sealed record ResultModel(ReturnKind Kind, PayloadType? Payload = null, ContractReference? Promised = null);

/// <summary>Finds the shape of a call in what its method returns.</summary>
internal sealed class ResultParser(ContractReport report, ContractPayloads payloads)
{
    /// <summary>The type to return instead, for messages.</summary>
    public static string TaskOf(ITypeSymbol type) => $"Task<{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}>";

    /// <param name="method">The method, or a property's getter.</param>
    /// <param name="at">The method or the property.</param>
    public ResultModel Parse(IMethodSymbol method, ISymbol at) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => new(ReturnKind.Direct),
        INamedTypeSymbol type when type.Is(KnownNames.Task) => new(ReturnKind.Task),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTask) => new(ReturnKind.ValueTask),
        INamedTypeSymbol type when type.Is(KnownNames.TaskOfT) => new(ReturnKind.Task, payloads.Parse(type.TypeArguments[0], at)),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTaskOfT) => new(ReturnKind.ValueTask, payloads.Parse(type.TypeArguments[0], at)),
        INamedTypeSymbol type when type.Is(KnownNames.AsyncEnumerable) => ParseItems(type, method, at),
        INamedTypeSymbol type when type.IsContract() && !type.IsOpen() => ParsePromise(type, at),
        ITypeSymbol type => ParseDirect(type, at),
    };

    private ResultModel ParseItems(INamedTypeSymbol type, IMethodSymbol method, ISymbol at)
    {
        if (!method.Parameters.Any(static p => p.Type.Is(KnownNames.CancellationToken)))
        {
            report.Add(Descriptors.StreamWithoutToken, at, ContractReport.Describe(at));
        }

        return new(ReturnKind.Items, payloads.Parse(type.TypeArguments[0], at, PayloadPlace.Item));
    }

    private ResultModel ParsePromise(INamedTypeSymbol type, ISymbol at)
    {
        if (type.NullableAnnotation == NullableAnnotation.Annotated)
        {
            report.Add(
                Descriptors.Promise, at, ContractReport.Describe(at), "when it is not known whether there is an object", TaskOf(type));
        }

        // Reports what hides the contract from generated code.
        payloads.Parse(type, at);
        return new(ReturnKind.Promise, Promised: type.ReferenceFrom(report.Contract.ContainingAssembly));
    }

    private ResultModel ParseDirect(ITypeSymbol type, ISymbol at)
    {
        PayloadType? payload = payloads.Parse(type, at);
        if (payload?.References is { } references && !type.IsByteStream())
        {
            report.Add(
                Descriptors.BlockingReference, at, ContractReport.Describe(at), references.Path, references.What, TaskOf(type));
        }

        return new(ReturnKind.Direct, payload);
    }
}
