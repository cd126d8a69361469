using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Notes the type parameters of a generic type, for what is generic in the same way.</summary>
internal static class GenericDefinitions
{
    public static GenericDefinition Of(INamedTypeSymbol type) => new(
        TypeNames.Source(type.OriginalDefinition),
        type.OriginalDefinition.TypeParameters.Select(Parameter).ToEquatableArray(),
        type.TypeArguments.Select(TypeNames.Source).ToEquatableArray());

    private static TypeParameter Parameter(ITypeParameterSymbol parameter) => new(
        SymbolNames.Escape(parameter.Name),
        KindOf(parameter),
        parameter.ConstraintTypes.Select(TypeNames.Source).ToEquatableArray(),
        parameter is { HasConstructorConstraint: true, HasValueTypeConstraint: false },
        parameter.AllowsRefLikeType);

    private static ConstraintKind KindOf(ITypeParameterSymbol parameter) => parameter switch
    {
        { HasUnmanagedTypeConstraint: true } => ConstraintKind.Unmanaged,
        { HasValueTypeConstraint: true } => ConstraintKind.Struct,
        { HasReferenceTypeConstraint: true, ReferenceTypeConstraintNullableAnnotation: NullableAnnotation.Annotated } => ConstraintKind.NullableClass,
        { HasReferenceTypeConstraint: true } => ConstraintKind.Class,
        { HasNotNullConstraint: true } => ConstraintKind.NotNull,
        _ => ConstraintKind.Any,
    };
}
