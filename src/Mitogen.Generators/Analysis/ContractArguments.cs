using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Analysis;

/// <summary>A type that code gives a method whose type parameter stands for a contract.</summary>
/// <param name="Type">The type.</param>
/// <param name="Method">The method.</param>
/// <param name="Location">Where the type stands; the method's name, where the compiler infers it.</param>
/// <param name="IsInferred">Whether it does.</param>
internal sealed record ContractArgument(ITypeSymbol Type, IMethodSymbol Method, Location Location, bool IsInferred);

/// <summary>Finds the types that have to be contracts in calls of one compilation.</summary>
internal sealed class ContractArguments
{
    // Nearly all methods have none.
    private readonly ConcurrentDictionary<IMethodSymbol, int[]> _indexes = new(SymbolEqualityComparer.Default);

    /// <param name="operation">A call, or a method that becomes a delegate.</param>
    public IEnumerable<ContractArgument> In(IOperation operation)
    {
        IMethodSymbol? method = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IMethodReferenceOperation reference => reference.Method,
            _ => null,
        };
        if (method is not { IsGenericMethod: true })
        {
            yield break;
        }

        foreach (int index in _indexes.GetOrAdd(method.OriginalDefinition, IndexesOf))
        {
            SimpleNameSyntax? name = NameIn(operation.Syntax);
            TypeSyntax? written = (name as GenericNameSyntax)?.TypeArgumentList.Arguments.ElementAtOrDefault(index);
            yield return new(
                method.TypeArguments[index], method, (written ?? name ?? operation.Syntax).GetLocation(), written is null);
        }
    }

    private static int[] IndexesOf(IMethodSymbol method) =>
    [
        .. method.TypeParameters.Where(parameter => Declarations(method).Any(at => IsMarked(at, parameter.Ordinal))).Select(static parameter => parameter.Ordinal),
    ];

    private static bool IsMarked(IMethodSymbol method, int index) => method.TypeParameters[index].HasAttribute(KnownNames.ContractTypeAttribute);

    /// <summary>The method, those that it overrides, and those that it implements.</summary>
    private static IEnumerable<IMethodSymbol> Declarations(IMethodSymbol method)
    {
        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod?.OriginalDefinition)
        {
            yield return at;
            foreach (IMethodSymbol member in at.ContainingType.AllInterfaces
                .SelectMany(static i => i.GetMembers().OfType<IMethodSymbol>())
                .Where(member => member.Arity == at.Arity
                    && SymbolEqualityComparer.Default.Equals(at.ContainingType.FindImplementationForInterfaceMember(member), at)))
            {
                yield return member;
            }
        }
    }

    private static SimpleNameSyntax? NameIn(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => NameIn(call.Expression),
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        SimpleNameSyntax name => name,
        _ => null,
    };
}
