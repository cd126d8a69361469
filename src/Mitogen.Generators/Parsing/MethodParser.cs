using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns one method or property of a contract into its model.</summary>
internal sealed class MethodParser(ContractReport report, ContractData data)
{
    private static readonly string[] s_argumentList = ["a list of arguments of any types", "declare a parameter for each, or an array"];

    private readonly ResultParser _results = new(report, data);
    private readonly ParameterParser _parameters = new(report, data);

    /// <param name="member">A method or a property.</param>
    public MethodModel? Parse(ISymbol member)
    {
        string display = ContractReport.Describe(member);
        if (member is IPropertySymbol { IsIndexer: true } or IPropertySymbol { GetMethod: null } or IPropertySymbol { SetMethod: not null })
        {
            report.Add(Descriptors.Property, member, display);
            return null;
        }

        if (member.IsForbidden() || (member is IPropertySymbol { GetMethod: { } getter } && getter.IsForbidden()))
        {
            // Of a contract that is obsolete as a whole, that is said once.
            if (!report.Contract.IsForbidden())
            {
                report.Add(Descriptors.Forbidden, member, display);
            }

            return null;
        }

        IMethodSymbol method = member as IMethodSymbol ?? ((IPropertySymbol)member).GetMethod!;
        if (CheckDeclaration(method) is { } descriptor)
        {
            report.Add(descriptor, member, display);
            return null;
        }

        if (method.IsVararg)
        {
            report.Add(Descriptors.UnusableType, member, [$"The last parameter of '{display}'", .. s_argumentList]);
            return null;
        }

        var written = WrittenType.OfResult(method, member);
        if (method.RefKind != RefKind.None)
        {
            report.Add(Descriptors.ByReference, written, written.Display, "return it by value");
            return null;
        }

        ResultModel result = _results.Parse(method, written);
        bool isOneWay = method.HasAttribute(KnownNames.OneWayAttribute);
        if (isOneWay && !method.ReturnsVoid && result is not { Kind: ReturnKind.Task or ReturnKind.ValueTask, Data: null })
        {
            report.Add(Descriptors.OneWayResult, written, display);
        }

        string signature = Identity.Signature(method);
        return new(
            method.ContainingType.SourceName(),
            SymbolNames.Escape(member.Name),
            Identity.OfMethod(signature),
            signature,
            $"{report.Contract.Name}.{member.Name}",
            result.Kind,
            method.ReturnType.SourceName(),
            result.Data,
            isOneWay,
            _parameters.Parse(method, result.Kind, isOneWay).ToEquatableArray())
        {
            IsProperty = member is IPropertySymbol,
            Promised = result.Promised,
        };
    }

    private static DiagnosticDescriptor? CheckDeclaration(IMethodSymbol method) => method switch
    {
        { IsAbstract: false } => Descriptors.DefaultImplementation,
        { DeclaredAccessibility: not Accessibility.Public } => Descriptors.HiddenMember,
        { IsGenericMethod: true } => Descriptors.GenericMethod,
        _ => null,
    };
}
