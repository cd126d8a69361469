using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds state of a plain type that none of the members that are sent carries.</summary>
/// <remarks>
/// State is what fields hold, whoever sees them. A field is carried if it is sent itself, or if a property that is sent shows it and, where
/// it is set when it is read, sets it. Of types in other assemblies the code is not known: there, names have to tell.
/// </remarks>
internal static class LostState
{
    /// <param name="type">The type.</param>
    /// <param name="sent">Its members that are sent.</param>
    /// <param name="compilation">The compilation of the type.</param>
    public static ObjectMembersError? Find(INamedTypeSymbol type, IReadOnlyList<ObjectMember> sent, Compilation compilation)
    {
        HashSet<ISymbol> carried = new(sent.SelectMany(static member => member.Declarations).Select(static at => at.OriginalDefinition), SymbolEqualityComparer.Default);
        HashSet<ISymbol> left = LeftBehind(type);
        foreach (INamedTypeSymbol level in ObjectMembers.LevelsOf(type).Where(static level => !level.IsOfFramework()))
        {
            ObjectMembersError? lost = level.DeclaringSyntaxReferences.IsEmpty
                ? ForeignState.Find(level.OriginalDefinition, sent)
                : DeclaredState.Find(level.OriginalDefinition, sent, carried, left, compilation);
            if (lost is not null)
            {
                return lost;
            }
        }

        return null;
    }

    /// <summary>The text about a field that is not carried.</summary>
    /// <param name="name">Its name, or that of the property that it belongs to.</param>
    /// <param name="what">Its kind, with an article.</param>
    /// <param name="leave">How to say that it is meant to stay behind.</param>
    /// <param name="marks">Another serializer's attribute by which it would be sent.</param>
    public static ObjectMembersError Of(string name, string what, string leave = "mark it " + SerializationMarks.LeaveBehind, string? marks = null) => new(
        name,
        $"has {what} '{name}'{(marks is null ? "" : $", marked {marks},")} that is not sent, so that its value would be lost: make it a public property "
        + "that can be set or that a constructor takes, or show it by one; mark the type [MemoryPackable] and the member [MemoryPackInclude]; "
        + $"or {leave} if it is meant to stay behind",
        IsLoss: true);

    // An override that stays behind stands for what it overrides.
    private static HashSet<ISymbol> LeftBehind(INamedTypeSymbol type)
    {
        HashSet<ISymbol> left = new(SymbolEqualityComparer.Default);
        foreach (ISymbol member in ObjectMembers.LevelsOf(type).SelectMany(static level => level.GetMembers()).Where(IsStateful))
        {
            if (SerializationMarks.IsLeftBehind(member))
            {
                for (ISymbol? at = member; at is not null; at = (at as IPropertySymbol)?.OverriddenProperty)
                {
                    left.Add(at.OriginalDefinition);
                }
            }
        }

        return left;
    }

    private static bool IsStateful(ISymbol member) => member is IFieldSymbol or IPropertySymbol && !member.IsStatic;
}
