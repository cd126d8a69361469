using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>What cannot be sent.</summary>
internal sealed partial class FormatterVisitor
{
    public const string NotVisible = "is not visible to generated code: make it internal or public";

    /// <summary>Why generated code cannot use a type.</summary>
    private string? WhyUnusable(INamedTypeSymbol type)
    {
        if (!Compilation.IsSymbolAccessibleWithin(type, Compilation.Assembly))
        {
            return NotVisible;
        }

        if (type.IsForbidden())
        {
            return "is obsolete as an error, so that generated code cannot use it either: let it be a warning, or send another type";
        }

        if (type.WhyHidden() is { } hidden)
        {
            return $"is not visible to generated code, because {hidden}: make it internal or public";
        }

        if (Compilation.AliasOf(type.ContainingAssembly) is { } alias)
        {
            return ReferenceAliases.Reason(alias);
        }

        return Packable.Find(type) is { GenerateType: not PackableKind.NoGenerate } && Packable.PartThatIsWhole(type) is { } whole
            ? $"is marked [MemoryPackable], and '{whole.Name}' is not partial, so that the library cannot add to it: make it partial, or " +
                "take the mark away to send it as a plain type"
            : null;
    }

    protected override VisitedType VisitOther(ITypeSymbol type, string path) => type is INamedTypeSymbol ? RefuseBroken(path, type) : Refuse(path, type, type switch
    {
        IDynamicTypeSymbol => KnownTypes.Refused["System.Object"],
        ITypeParameterSymbol => "stands for a type that is not known: declare a closed type",
        _ => "means something in one process only: send a byte[]",
    });

    private VisitedType RefuseBroken(string path, ITypeSymbol type)
    {
        State.Refuse(path, type, "is not known to the compiler: fix that error first", isOfCompiler: true);
        return Refused;
    }

    /// <summary>Refuses a type that its members do not make up, or whose copy would be less than it is.</summary>
    private VisitedType? RefusePlain(INamedTypeSymbol type, string path)
    {
        if ((WhyNoData(type) ?? WhyStateUnknown(type)) is { } reason)
        {
            return Refuse(path, type, reason);
        }

        return type.TypeKind != TypeKind.Interface && type.AllInterfaces.FirstOrDefault(static at => at.IsContract()) is { } contract
            ? Refuse(
                path,
                type,
                $"implements the contract '{TypeNames.People(contract)}', and would be copied: declare '{TypeNames.People(contract)}' to pass a proxy of it, "
                + "or mark it [MemoryPackable] to send what it holds",
                isLoss: true)
            : null;
    }

    private static string? WhyNoData(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Delegate } => KnownTypes.Refused["System.Delegate"],
        { IsRefLikeType: true } => "lives on the stack: send an array",
        { IsFileLocal: true } => NotVisible,
        { IsStatic: true } => "is static, so that there is nothing of it to send: declare the type that is sent",
        _ => null,
    };

    private static string? WhyStateUnknown(INamedTypeSymbol type)
    {
        // A struct without references may be marked, and is written as its memory all the same.
        if (IsTuple(type) || Packable.Find(type) is not null)
        {
            return null;
        }

        INamedTypeSymbol[] lineage = [.. Lineage(type)];
        string? refused = lineage
            .Select(static at => KnownTypes.Refused.TryGetValue(at.FullMetadataName(), out string reason) ? reason : null)
            .FirstOrDefault(static reason => reason is not null);
        if (refused is not null)
        {
            return refused;
        }

        if (type.IsOfFramework())
        {
            return "is a type of the framework whose state is not known: send a record with what is needed";
        }

        if (lineage.FirstOrDefault(SymbolFacts.IsOfFramework) is { } inherited)
        {
            return $"derives from '{TypeNames.People(inherited)}', whose state is not known: send a record with what is needed";
        }

        return type.TypeKind != TypeKind.Interface && type.AllInterfaces.Any(IsEnumerable)
            ? "is a collection of its own kind: mark it [MemoryPackable(GenerateType.Collection)], or send a List"
            : null;
    }

    // The type and its bases, without the two that all types have.
    private static IEnumerable<INamedTypeSymbol> Lineage(INamedTypeSymbol type)
    {
        yield return type;
        for (INamedTypeSymbol? at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            {
                yield return at;
            }
        }
    }

    private static bool IsEnumerable(INamedTypeSymbol type) => type.SpecialType == SpecialType.System_Collections_IEnumerable;

    // The framework's class, whose members are its elements.
    private static bool IsTuple(INamedTypeSymbol type) => type.FullMetadataName().StartsWith("System.Tuple`", StringComparison.Ordinal);
}
