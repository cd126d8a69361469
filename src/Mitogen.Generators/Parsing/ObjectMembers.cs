using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>A public field or property of a plain type.</summary>
internal sealed record ObjectMember(string Name, ITypeSymbol Type, ISymbol Symbol)
{
    public bool IsRequired => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    /// <summary>Whether it has no state of its own: nothing is lost if it is not sent.</summary>
    public bool IsComputed => Symbol is IPropertySymbol { SetMethod: null, GetMethod: { } getter } property
        && !HasBackingField(property)
        && !getter.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute");

    public bool CanBeSet(Compilation compilation) => Symbol switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol { SetMethod: { } setter } => compilation.IsSymbolAccessibleWithin(setter, compilation.Assembly),
        _ => false,
    };

    // Private fields of a class in another assembly are not seen; there, the compiler marked the accessors of automatic properties.
    private static bool HasBackingField(IPropertySymbol property) => property.ContainingType
        .GetMembers()
        .OfType<IFieldSymbol>()
        .Any(candidate => SymbolEqualityComparer.Default.Equals(candidate.AssociatedSymbol, property));
}

/// <summary>Why a plain type's members cannot be sent.</summary>
internal sealed record ObjectMembersError(string? Member, string Reason);

/// <summary>The members of a plain type that are sent, and how an instance is made of them.</summary>
internal sealed class ObjectMembers
{
    private const string IgnoreAttribute = "MemoryPackIgnoreAttribute";
    private const string ConstructorAttribute = "MemoryPackConstructorAttribute";

    public IReadOnlyList<ObjectMember> All { get; private init; } = [];

    /// <summary>The indexes of the members that the constructor takes, in its order.</summary>
    public IReadOnlyList<int> ConstructorArguments { get; private init; } = [];

    /// <summary>The indexes of the members that are set after it.</summary>
    public IReadOnlyList<int> Initialized { get; private init; } = [];

    public ObjectMembersError? Error { get; private init; }

    public static ObjectMembers Of(INamedTypeSymbol type, Compilation compilation)
    {
        List<ObjectMember> candidates = Candidates(type);
        (IMethodSymbol? constructor, string? problem) = FindConstructor(type, candidates, compilation);
        if (constructor is null)
        {
            return Failed(null, problem!);
        }

        HashSet<string> taken = new(constructor.Parameters.Select(static parameter => parameter.Name), StringComparer.OrdinalIgnoreCase);
        List<ObjectMember> all = [.. candidates.Where(member => taken.Contains(member.Name) || !member.IsComputed)];
        List<int> initialized = [];
        bool setsRequired = constructor
            .GetAttributes()
            .Any(static attribute => attribute.AttributeClass?.Name == "SetsRequiredMembersAttribute");
        for (int i = 0; i < all.Count; i++)
        {
            ObjectMember member = all[i];
            if (IsForbidden(member.Symbol))
            {
                return Failed(member.Name, $"has the member '{member.Name}', which is obsolete as an error: let it be a warning, or mark it [MemoryPackIgnore]");
            }

            bool isTaken = taken.Contains(member.Name);
            if (!isTaken && !member.CanBeSet(compilation))
            {
                return Failed(
                    member.Name,
                    $"has nothing that sets '{member.Name}' when it is read: " +
                    "add a constructor parameter of that name or an init accessor, or mark it [MemoryPackIgnore]");
            }

            if (!isTaken || (member.IsRequired && !setsRequired))
            {
                initialized.Add(i);
            }
        }

        return new ObjectMembers
        {
            All = all,
            ConstructorArguments =
            [
                .. constructor.Parameters.Select(parameter => all.FindIndex(member => Matches(member, parameter.Name))),
            ],
            Initialized = initialized,
        };
    }

    /// <summary>The base's members first, then in the order of declaration; of those of one name, the most derived.</summary>
    private static List<ObjectMember> Candidates(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> hierarchy = new();
        INamedTypeSymbol? at = type;
        while (at is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) })
        {
            hierarchy.Push(at);
            at = at.BaseType;
        }

        List<ObjectMember> members = [];
        foreach (ObjectMember member in hierarchy.SelectMany(static level => level.GetMembers()).Select(ToMember).OfType<ObjectMember>())
        {
            members.RemoveAll(inherited => inherited.Name == member.Name);
            members.Add(member);
        }

        return members;
    }

    private static ObjectMember? ToMember(ISymbol symbol)
    {
        if (symbol is not { IsStatic: false, DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true }
            || Packable.Has(symbol, IgnoreAttribute))
        {
            return null;
        }

        return symbol switch
        {
            IFieldSymbol field => new ObjectMember(field.Name, field.Type, field),
            IPropertySymbol { IsIndexer: false, GetMethod.DeclaredAccessibility: Accessibility.Public } property =>
                new ObjectMember(property.Name, property.Type, property),
            _ => null,
        };
    }

    private static (IMethodSymbol? Constructor, string? Problem) FindConstructor(
        INamedTypeSymbol type, List<ObjectMember> members, Compilation compilation)
    {
        IMethodSymbol[] visible =
        [
            .. type.InstanceConstructors.Where(constructor =>
                compilation.IsSymbolAccessibleWithin(constructor, compilation.Assembly) && !constructor.IsVararg && !IsForbidden(constructor)),
        ];
        if (visible.FirstOrDefault(static constructor => Packable.Has(constructor, ConstructorAttribute)) is { } marked)
        {
            return IsUsable(marked, members, compilation)
                ? (marked, null)
                : (
                    null,
                    "has a constructor marked [MemoryPackConstructor] with a parameter that is no public member: " +
                    "give it a member of that name and type");
        }

        IMethodSymbol[] usable =
        [
            .. visible
                .Where(constructor => IsUsable(constructor, members, compilation))
                .OrderByDescending(static constructor => constructor.Parameters.Length),
        ];
        if (usable.Length == 0)
        {
            return (
                null,
                "has no constructor whose parameters are all public members by name and type: add one, or one without parameters");
        }

        return usable.Length > 1 && usable[1].Parameters.Length == usable[0].Parameters.Length
            ? (null, "has two constructors that fit equally well: mark one with [MemoryPackConstructor]")
            : (usable[0], null);
    }

    private static bool IsUsable(IMethodSymbol constructor, List<ObjectMember> members, Compilation compilation) =>
        constructor.Parameters.All(parameter => parameter.RefKind is RefKind.None or RefKind.In
            && members.Any(member => Matches(member, parameter.Name)
                && compilation.ClassifyCommonConversion(member.Type, parameter.Type) is { IsImplicit: true, IsUserDefined: false }));

    // Of the member alone: that its type is obsolete is said of the type.
    private static bool IsForbidden(ISymbol member) => member.IsForbidden() && !member.ContainingType.IsForbidden();

    private static bool Matches(ObjectMember member, string parameter) =>
        string.Equals(member.Name, parameter, StringComparison.OrdinalIgnoreCase);

    private static ObjectMembers Failed(string? member, string reason) => new() { Error = new ObjectMembersError(member, reason) };
}
