using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.EncodingEmitter;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints expressions that yield checks of the bytes that the library reads.</summary>
internal static class CheckEmitter
{
    private const string Check = $"{Abi}.WireCheck";

    public static string Emit(WireCheck check) => check switch
    {
        NamedCheck named => named.Name,
        KnownCheck known => $"{Check}.{known.Form}",
        RawCheck raw => $"{Check}.Raw({Layout(raw.Type)})",
        SequenceCheck sequence => $"{Check}.Sequence({Emit(sequence.Element)})",
        GridCheck grid => $"{Check}.Grid({grid.Rank}, {Emit(grid.Element)})",
        OptionalCheck optional => $"{Check}.Optional({Emit(optional.Value)})",
        TupleCheck tuple => $"{Check}.Tuple({string.Join(", ", tuple.Parts.Select(Emit))})",
        CollectionCheck collection => $"{Check}.Collection(\"{collection.DisplayName}\", static () => {Emit(collection.Element)})",
        MembersCheck members => $"{Check}.{members.Order}(\"{members.DisplayName}\", static () => {List(members.Members.Select(Emit))})",
        UnionCheck union => $"{Check}.Union(\"{union.DisplayName}\", static () => {List(union.Cases.Select(Case))})",
        PlainCheck plain => $"{Check}.Plain<{plain.Type.TypeName}>(static () => {Formatter(plain.Type)}, {Emit(plain.Members)})",
        UnknownCheck unknown => $"{Check}.Unknown<{unknown.TypeName}>(static () => {Formatter(unknown.Formatter, unknown.TypeName)})",
        _ => "null",
    };

    private static string Case(UnionCase part) => $"({part.Tag}, {Emit(part.Check)})";

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 0 ? "[]" : $"[\n    {string.Join(",\n    ", all)}]";
    }
}
