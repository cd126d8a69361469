using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Repeats the type parameters of a generic type, for what is generic in the same way.</summary>
internal static class GenericDefinitions
{
    public static GenericDefinition Of(INamedTypeSymbol type) => new(
        TypeNames.Source(type.OriginalDefinition),
        $"<{string.Join(", ", type.TypeParameters.Select(static parameter => parameter.Name))}>",
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
        else if (parameter.HasNotNullConstraint)
        {
            constraints.Add("notnull");
        }

        constraints.AddRange(parameter.ConstraintTypes.Select(TypeNames.Source));
        return constraints.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", constraints)}";
    }
}
