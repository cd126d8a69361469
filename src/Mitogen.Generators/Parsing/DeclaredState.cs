using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds state that is not sent in a class or struct whose source is at hand.</summary>
internal static class DeclaredState
{
    /// <param name="level">The type, or one of its bases, as it is defined.</param>
    /// <param name="sent">The members that are sent.</param>
    /// <param name="carried">Those, and what they override, as they are defined.</param>
    /// <param name="left">The members that are meant to stay behind, likewise.</param>
    /// <param name="compilation">The compilation of the type.</param>
    public static ObjectMembersError? Find(
        INamedTypeSymbol level, IReadOnlyList<ObjectMember> sent, HashSet<ISymbol> carried, HashSet<ISymbol> left, Compilation compilation)
    {
        AccessorCode code = new(compilation);
        bool IsShown(ISymbol state) => sent.Any(member => member.Symbol is IPropertySymbol && code.Carries(member, state));

        foreach (ISymbol member in level.GetMembers().Where(static member => !member.IsStatic))
        {
            ObjectMembersError? lost = member switch
            {
                IFieldSymbol { AssociatedSymbol: IPropertySymbol property } field =>
                    carried.Contains(property) || left.Contains(property) || left.Contains(field) ? null : Lost(property, Describe(property)),
                IFieldSymbol { IsImplicitlyDeclared: false } field =>
                    carried.Contains(field) || left.Contains(field) || IsShown(field) ? null : Lost(field, $"{Access(field)} field"),
                IEventSymbol @event => IsField(@event) ? LostState.Of(@event.Name, "an event", "mark it [field: NonSerialized]") : null,
                IPropertySymbol property when !carried.Contains(property) && !left.Contains(property) => Marked(property),
                _ => null,
            };
            if (lost is not null)
            {
                return lost;
            }
        }

        return level.IsRecord
            ? null
            : code.Captured(level).Where(parameter => !IsShown(parameter)).Select(static parameter => LostState.Of(
                parameter.Name, "a constructor parameter", $"keep it in a field of its own that is marked {SerializationMarks.LeaveBehind}")).FirstOrDefault();
    }

    private static ObjectMembersError Lost(ISymbol member, string what) =>
        LostState.Of(NameOf(member), what, marks: SerializationMarks.IncludedBy(member));

    // It has no state that would be lost, yet its author means it to be sent.
    private static ObjectMembersError? Marked(IPropertySymbol property) =>
        property.DeclaredAccessibility != Accessibility.Public && SerializationMarks.IncludedBy(property) is not null
            ? Lost(property, Describe(property))
            : null;

    private static string Describe(IPropertySymbol property) => property switch
    {
        { ExplicitInterfaceImplementations.IsEmpty: false } => "an explicitly implemented property",
        { GetMethod: null } => "a property without a getter",
        { DeclaredAccessibility: Accessibility.Public } => "a property without a public getter",
        _ => $"{Access(property)} property",
    };

    private static string NameOf(ISymbol member) =>
        (member as IPropertySymbol)?.ExplicitInterfaceImplementations.FirstOrDefault() is { } implemented
            ? $"{implemented.ContainingType.Name}.{implemented.Name}"
            : member.Name;

    private static string Access(ISymbol member) => member.DeclaredAccessibility switch
    {
        Accessibility.Private => "a private",
        Accessibility.Internal => "an internal",
        Accessibility.Public => "a public",
        _ => "a protected",
    };

    // The compiler does not show the field of an event, nor its attributes.
    private static bool IsField(IEventSymbol @event) =>
        !@event.IsAbstract
        && @event.DeclaringSyntaxReferences
            .Select(static reference => reference.GetSyntax().FirstAncestorOrSelf<EventFieldDeclarationSyntax>())
            .Any(static declaration => declaration is not null && !declaration.AttributeLists
                .Where(static list => list.Target?.Identifier.ValueText == "field")
                .SelectMany(static list => list.Attributes)
                .Any(static attribute => attribute.Name.ToString().EndsWith("NonSerialized", StringComparison.Ordinal)
                    || attribute.Name.ToString().EndsWith(SerializationMarks.NonSerialized, StringComparison.Ordinal)));
}
