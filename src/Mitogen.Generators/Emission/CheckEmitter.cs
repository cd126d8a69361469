using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.EncodingEmitter;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints expressions that yield checks of the bytes that the library reads.</summary>
internal static class CheckEmitter
{
    private const string Check = $"{Abi}.WireCheck";

    public static string Emit(CheckShape check) => check switch
    {
        NamedCheckShape named => named.Name,
        KnownCheckShape known => $"{Check}.{known.Form}",
        RawCheckShape raw => $"{Check}.Raw({Layout(raw.Type)})",
        SequenceCheckShape sequence => $"{Check}.Sequence({Emit(sequence.Element)})",
        GridCheckShape grid => $"{Check}.Grid({grid.Rank}, {Emit(grid.Element)})",
        OptionalCheckShape optional => $"{Check}.Optional({Emit(optional.Value)})",
        TupleCheckShape tuple => $"{Check}.Tuple({string.Join(", ", tuple.Parts.Select(Emit))})",
        CollectionCheckShape collection => $"{Check}.Collection(\"{collection.DisplayName}\", static () => {Emit(collection.Element)})",
        MembersCheckShape members => $"{Check}.{members.Order}(\"{members.DisplayName}\", static () => {List(members.Members.Select(Emit))})",
        UnionCheckShape union => $"{Check}.Union(\"{union.DisplayName}\", static () => {List(union.Cases.Select(Case))})",
        PlainCheckShape plain => $"{Check}.Plain<{plain.Type.TypeName}>(static () => {Formatter(plain.Type)}, {Emit(plain.Members)})",
        UnknownCheckShape unknown => $"{Check}.Unknown<{unknown.TypeName}>(static () => {Formatter(unknown.Formatter, unknown.TypeName)})",
        _ => "null",
    };

    private static string Case(UnionCase part) => $"({part.Tag}, {Emit(part.Check)})";

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 0 ? "[]" : $"[\n    {string.Join(",\n    ", all)}]";
    }
}
