using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Repeats the type parameters of a generic type, for what is generic in the same way.</summary>
internal static class GenericDefinitions
{
    public static GenericDefinition Of(INamedTypeSymbol type) => new(
        TypeNames.Source(type.OriginalDefinition),
        $"<{string.Join(", ", type.TypeParameters.Select(static parameter => SymbolNames.Escape(parameter.Name)))}>",
        $"<{string.Join(", ", type.TypeArguments.Select(TypeNames.Source))}>",
        string.Concat(type.OriginalDefinition.TypeParameters.Select(ConstraintsOf)));

    private static string ConstraintsOf(ITypeParameterSymbol parameter)
    {
        List<string> constraints = [];
        if (parameter.HasUnmanagedTypeConstraint)
        {
            constraints.Add("unmanaged");
        }
        else if (parameter.HasValueTypeConstraint)
        {
            constraints.Add("struct");
        }
        else if (parameter.HasReferenceTypeConstraint)
        {
            constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        }
        else if (parameter.HasNotNullConstraint)
        {
            constraints.Add("notnull");
        }

        constraints.AddRange(parameter.ConstraintTypes.Select(TypeNames.Source));
        if (parameter is { HasConstructorConstraint: true, HasValueTypeConstraint: false })
        {
            constraints.Add("new()");
        }

        if (parameter.AllowsRefLikeType)
        {
            constraints.Add("allows ref struct");
        }

        return constraints.Count == 0 ? "" : $" where {SymbolNames.Escape(parameter.Name)} : {string.Join(", ", constraints)}";
    }
}
