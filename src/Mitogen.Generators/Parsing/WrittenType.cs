using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

/// <summary>A type in a signature, or a part of one, with the place where source writes it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Syntax">What source writes for it; <see langword="null"/> where there is no source.</param>
/// <param name="Of">The parameter, method or property.</param>
internal readonly record struct WrittenType(ITypeSymbol Type, TypeSyntax? Syntax, ISymbol Of)
{
    /// <summary>How messages name what has the type.</summary>
    public string Display => Of switch
    {
        IParameterSymbol parameter => $"'{parameter.Name}'",
        IPropertySymbol => $"The property '{ContractReport.Describe(Of)}'",
        _ => $"The result of '{ContractReport.Describe(Of)}'",
    };

    public static WrittenType OfParameter(IParameterSymbol parameter) => new(parameter.Type, SyntaxOf(parameter), parameter);

    /// <param name="method">The method, or a property's getter.</param>
    /// <param name="at">The method or the property.</param>
    public static WrittenType OfResult(IMethodSymbol method, ISymbol at) => new(method.ReturnType, SyntaxOf(at), at);

    /// <summary>The first type argument.</summary>
    public WrittenType Argument => Parts()
        .Append(this with { Type = ((INamedTypeSymbol)Type).TypeArguments[0] })
        .First();

    /// <summary>The type arguments, elements or value that the type is written with; none where a name stands for all of it.</summary>
    public IEnumerable<WrittenType> Parts() => (Syntax, Type) switch
    {
        (GenericNameSyntax generic, INamedTypeSymbol named) => Pair(generic.TypeArgumentList.Arguments, named.TypeArguments),
        (QualifiedNameSyntax qualified, _) => (this with { Syntax = qualified.Right }).Parts(),
        (AliasQualifiedNameSyntax qualified, _) => (this with { Syntax = qualified.Name }).Parts(),
        (TupleTypeSyntax tuple, INamedTypeSymbol { IsTupleType: true } named) =>
            Pair(tuple.Elements.Select(static element => element.Type), named.TupleElements.Select(static element => element.Type)),
        (NullableTypeSyntax nullable, INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } named) =>
            Pair([nullable.ElementType], named.TypeArguments),
        (NullableTypeSyntax nullable, _) => (this with { Syntax = nullable.ElementType }).Parts(),
        (ArrayTypeSyntax array, _) => ElementOf(array) is { } element ? Pair([array.ElementType], [element]) : [],
        (RefTypeSyntax reference, _) => (this with { Syntax = reference.Type }).Parts(),
        _ => [],
    };

    private static TypeSyntax? SyntaxOf(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        ParameterSyntax parameter => parameter.Type,
        MethodDeclarationSyntax method => method.ReturnType,
        BasePropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    // The ranks of an array of arrays stand behind each other, with no node for the arrays inside.
    private ITypeSymbol? ElementOf(ArrayTypeSyntax array)
    {
        ITypeSymbol? element = Type;
        for (int i = 0; i < array.RankSpecifiers.Count; i++)
        {
            element = (element as IArrayTypeSymbol)?.ElementType;
        }

        return element;
    }

    private IEnumerable<WrittenType> Pair(IEnumerable<TypeSyntax> syntaxes, IEnumerable<ITypeSymbol> types)
    {
        ISymbol of = Of;
        return syntaxes.Zip(types, (syntax, type) => new WrittenType(type, syntax, of));
    }
}
