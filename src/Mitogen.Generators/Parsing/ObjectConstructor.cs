using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>A constructor, and the members that its parameters stand for.</summary>
/// <param name="Symbol">The constructor.</param>
/// <param name="Arguments">The members, in the order of the parameters; fewer if a parameter stands for none.</param>
/// <param name="Problem">Why it is not known which members they are.</param>
internal sealed record ObjectConstructor(IMethodSymbol Symbol, IReadOnlyList<ObjectMember> Arguments, string? Problem)
{
    private bool IsUsable => Arguments.Count == Symbol.Parameters.Length;

    /// <summary>The constructor by which an instance is made, or why there is none.</summary>
    public static (ObjectConstructor? Constructor, string? Problem) Find(
        INamedTypeSymbol type, IReadOnlyList<ObjectMember> members, Compilation compilation)
    {
        if (type.InstanceConstructors.FirstOrDefault(static at => SerializationMarks.ChosenBy(at) is not null) is { } marked)
        {
            return FindMarked(marked, members, compilation);
        }

        ObjectConstructor[] fitting =
        [
            .. type.InstanceConstructors
                .Where(constructor => compilation.IsSymbolAccessibleWithin(constructor, compilation.Assembly)
                    && !constructor.IsVararg
                    && (!constructor.IsForbidden() || type.IsForbidden()))
                .Select(constructor => Match(constructor, members, compilation))
                .Where(static constructor => constructor.IsUsable || constructor.Problem is not null)
                .OrderByDescending(static constructor => constructor.Symbol.Parameters.Length),
        ];
        if (fitting.Length == 0)
        {
            return (null, "has no constructor whose parameters are all public members by name and type: add one, or one without parameters");
        }

        return fitting.Length > 1 && fitting[1].Symbol.Parameters.Length == fitting[0].Symbol.Parameters.Length
            ? (null, "has two constructors that fit equally well: mark one with [MemoryPackConstructor]")
            : (fitting[0], fitting[0].Problem);
    }

    private static (ObjectConstructor? Constructor, string? Problem) FindMarked(
        IMethodSymbol marked, IReadOnlyList<ObjectMember> members, Compilation compilation)
    {
        ObjectConstructor constructor = Match(marked, members, compilation);
        string by = SerializationMarks.ChosenBy(marked)!;
        if (!compilation.IsSymbolAccessibleWithin(marked, compilation.Assembly))
        {
            return (null, $"has a constructor marked {by} that is not visible to generated code: make it internal or public");
        }

        return constructor.IsUsable || constructor.Problem is not null
            ? (constructor, constructor.Problem)
            : (null, $"has a constructor marked {by} with a parameter that is no public member: give it a member of that name and type");
    }

    private static ObjectConstructor Match(IMethodSymbol constructor, IReadOnlyList<ObjectMember> members, Compilation compilation)
    {
        List<ObjectMember> arguments = [];
        string? problem = null;
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            ObjectMember[] candidates = Candidates(parameter, members, compilation);
            if (candidates.Length == 1)
            {
                arguments.Add(candidates[0]);
            }
            else if (candidates.Length > 1)
            {
                problem ??= $"has a constructor whose parameter '{parameter.Name}' may stand for '{candidates[0].Name}' and for '{candidates[1].Name}': "
                    + "name it exactly as one of them";
            }
        }

        return new ObjectConstructor(constructor, arguments, arguments.Count < constructor.Parameters.Length ? problem : null);
    }

    /// <summary>The members that a parameter may stand for: the one of its very name, or those of its name in another case.</summary>
    private static ObjectMember[] Candidates(IParameterSymbol parameter, IReadOnlyList<ObjectMember> members, Compilation compilation)
    {
        if (parameter.RefKind is not (RefKind.None or RefKind.In))
        {
            return [];
        }

        bool Fits(ObjectMember member) =>
            compilation.ClassifyCommonConversion(member.Type, parameter.Type) is { IsImplicit: true, IsUserDefined: false };

        if (members.FirstOrDefault(member => member.Name == parameter.Name && Fits(member)) is { } exact)
        {
            return [exact];
        }

        // A member that another parameter names exactly belongs to that one.
        return
        [
            .. members.Where(member =>
                string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                && Fits(member)
                && !((IMethodSymbol)parameter.ContainingSymbol).Parameters.Any(other => other.Ordinal != parameter.Ordinal && other.Name == member.Name)),
        ];
    }
}
