using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Why a plain type's members cannot be sent.</summary>
/// <param name="Member">The member at fault, if it is one.</param>
/// <param name="Reason">The error, and the way out.</param>
/// <param name="IsLoss">Whether the type could be sent, and state of it would not arrive.</param>
internal sealed record ObjectMembersError(string? Member, string Reason, bool IsLoss = false);

/// <summary>The members of a plain type that are sent, and how an instance is made of them.</summary>
internal sealed class ObjectMembers
{
    public IReadOnlyList<ObjectMember> All { get; private init; } = [];

    /// <summary>The indexes of the members that the constructor takes, in its order.</summary>
    public IReadOnlyList<int> ConstructorArguments { get; private init; } = [];

    /// <summary>The indexes of the members that are set after it.</summary>
    public IReadOnlyList<int> Initialized { get; private init; } = [];

    public ObjectMembersError? Error { get; private init; }

    public static ObjectMembers Of(INamedTypeSymbol type, Compilation compilation)
    {
        (List<ObjectMember> candidates, ObjectMembersError? error) = Candidates(type, compilation);
        if (error is not null)
        {
            return Failed(error);
        }

        (ObjectConstructor? constructor, string? problem) = ObjectConstructor.Find(type, candidates, compilation);
        if (problem is not null)
        {
            return Failed(new ObjectMembersError(null, problem));
        }

        List<ObjectMember> all = [.. candidates.Where(member => constructor!.Arguments.Contains(member) || !member.IsComputed)];
        List<int> initialized = [];
        bool setsRequired = constructor!.Symbol.HasAttribute(KnownNames.SetsRequiredMembersAttribute);
        for (int i = 0; i < all.Count; i++)
        {
            ObjectMember member = all[i];
            if (member.Symbol.IsForbidden() && !member.Symbol.ContainingType.IsForbidden())
            {
                return Failed(new ObjectMembersError(
                    member.Name, $"has the member '{member.Name}', which is obsolete as an error: let it be a warning, or mark it [MemoryPackIgnore]"));
            }

            bool isTaken = constructor.Arguments.Contains(member);
            if (!isTaken && !member.CanBeSet(compilation))
            {
                return Failed(new ObjectMembersError(
                    member.Name,
                    $"has nothing that sets '{member.Name}' when it is read: " +
                    "add a constructor parameter of that name or an init accessor, or mark it [MemoryPackIgnore] if it is meant to stay behind"));
            }

            if (SerializationMarks.WhyDoubtful(member.Symbol) is { } doubt)
            {
                return Failed(new ObjectMembersError(member.Name, $"has a member that {doubt}"));
            }

            if (!isTaken || (member.IsRequired && !setsRequired))
            {
                initialized.Add(i);
            }
        }

        return LostState.Find(type, all, compilation) is { } lost
            ? Failed(lost)
            : new ObjectMembers
            {
                All = all,
                ConstructorArguments = [.. constructor.Arguments.Select(argument => all.IndexOf(argument))],
                Initialized = initialized,
            };
    }

    /// <summary>A class and its bases, the last base first, without those that all types have.</summary>
    public static IEnumerable<INamedTypeSymbol> LevelsOf(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> levels = new();
        INamedTypeSymbol? at = type;
        while (at is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) })
        {
            levels.Push(at);
            at = at.BaseType;
        }

        return levels;
    }

    /// <summary>The base's members first, then in the order of declaration; an override has the place of its own declaration.</summary>
    private static (List<ObjectMember> Members, ObjectMembersError? Error) Candidates(INamedTypeSymbol type, Compilation compilation)
    {
        List<ObjectMember> members = [];
        foreach (ISymbol symbol in LevelsOf(type).SelectMany(static level => level.GetMembers()))
        {
            ObjectMember? member = ObjectMember.Of(symbol);
            if (members.Find(inherited => inherited.Name == symbol.Name) is { } hidden && Hides(symbol, compilation))
            {
                if (!symbol.IsOverride && !hidden.IsComputed)
                {
                    string owner = hidden.Symbol.ContainingType.Name;
                    return (members, new ObjectMembersError(
                        symbol.Name,
                        $"hides '{owner}.{symbol.Name}', whose value would be lost: rename one of them, or mark that of '{owner}' "
                        + $"{SerializationMarks.LeaveBehind} if it is meant to stay behind",
                        IsLoss: true));
                }

                members.Remove(hidden);
            }

            if (member is not null)
            {
                members.Add(member);
            }
        }

        return (members, null);
    }

    // Generated code that names an inherited member finds this one.
    private static bool Hides(ISymbol symbol, Compilation compilation) =>
        symbol.CanBeReferencedByName && compilation.IsSymbolAccessibleWithin(symbol, compilation.Assembly);

    private static ObjectMembers Failed(ObjectMembersError error) => new() { Error = error };
}
