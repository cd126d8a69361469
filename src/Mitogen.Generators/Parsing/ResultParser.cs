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
    /// <param name="at">The method or the property.</param>
    public ResultModel Parse(IMethodSymbol method, ISymbol at) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => new(ReturnKind.Direct),
        INamedTypeSymbol type when type.Is(KnownNames.Task) => new(ReturnKind.Task),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTask) => new(ReturnKind.ValueTask),
        INamedTypeSymbol type when type.Is(KnownNames.TaskOfT) => new(ReturnKind.Task, data.Parse(type.TypeArguments[0], at)),
        INamedTypeSymbol type when type.Is(KnownNames.ValueTaskOfT) => new(ReturnKind.ValueTask, data.Parse(type.TypeArguments[0], at)),
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

        return new(ReturnKind.Items, data.Parse(type.TypeArguments[0], at, WirePlace.Item));
    }

    private ResultModel ParsePromise(INamedTypeSymbol type, ISymbol at)
    {
        if (type.NullableAnnotation == NullableAnnotation.Annotated)
        {
            report.Add(
                Descriptors.Promise, at, ContractReport.Describe(at), "when it is not known whether there is an object", TaskOf(type));
        }

        // Reports what hides the contract from generated code.
        data.Parse(type, at);
        return new(ReturnKind.Promise, Promised: type.ReferenceFrom(report.Contract.ContainingAssembly));
    }

    private ResultModel ParseDirect(ITypeSymbol type, ISymbol at)
    {
        WireType? wire = data.Parse(type, at);
        if (wire?.References is { } references && !type.IsByteStream())
        {
            report.Add(
                Descriptors.BlockingReference, at, ContractReport.Describe(at), references.Path, references.What, TaskOf(type));
        }

        return new(ReturnKind.Direct, wire);
    }
}
