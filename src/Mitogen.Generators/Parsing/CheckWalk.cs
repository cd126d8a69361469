using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>
/// One walk over a type that the library reads, and all that it is made of: it finds out what the bytes must be like. A type that the walk
/// refuses is refused as elsewhere, with the path to it.
/// </summary>
internal sealed partial class CheckWalk(PayloadWalk payloads, Compilation compilation)
{
    private const string Services = "global::Mitogen.CompilerServices.";
    private const string Check = Services + "PayloadCheck.";

    private readonly Dictionary<ITypeSymbol, string?> _named = new(SymbolEqualityComparer.Default);
    private readonly List<CheckModel> _all = [];

    /// <summary>The checks that were found to be needed.</summary>
    public EquatableArray<CheckModel> All() => _all.OrderBy(static check => check.Name, StringComparer.Ordinal).ToEquatableArray();

    /// <summary>An expression that yields the check of a type.</summary>
    private string Of(ITypeSymbol type, string path)
    {
        if (!payloads.Enter(type, path))
        {
            return "";
        }

        string check = type switch
        {
            IArrayTypeSymbol { IsSZArray: true } array => Sequence(array.ElementType, path),
            IArrayTypeSymbol array => $"{Check}Grid({array.Rank}, {Of(array.ElementType, path + "[]")})",
            INamedTypeSymbol named when named.TypeKind != TypeKind.Error => OfNamed(named, path),
            _ => OfPlain(type, path),
        };
        payloads.Leave();
        return check;
    }

    private string OfNamed(INamedTypeSymbol type, string path)
    {
        // An enum may be private to the type that the library reads; its underlying type is as good.
        if (type.EnumUnderlyingType is { } underlying)
        {
            return Of(underlying, path);
        }

        if (type is { IsUnmanagedType: true, IsValueType: true })
        {
            return $"{Check}Raw({payloads.LayoutOf(type, path)})";
        }

        if (type.IsSentByReference())
        {
            return Refuse(path, type, "is sent by reference, which the library cannot do: declare the type around it as a plain record");
        }

        string name = type.FullMetadataName();
        if (KnownCollections.All.TryGetValue(name, out KnownCollection collection))
        {
            return Comparability.WhyUnsorted(type) is { } unsorted ? Refuse(path, type, unsorted) : Sequence(payloads.ElementOf(type, collection), path);
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return $"{Check}Optional({Of(type.TypeArguments[0], path)})";
        }

        return name switch
        {
            "System.String" or "System.Uri" or "System.Globalization.CultureInfo" or "System.TimeZoneInfo" => Check + "Text",
            "System.Text.StringBuilder" => Check + "Characters",
            "System.Version" => Check + "Version",
            "System.Lazy`1" => $"{Check}Optional({Of(type.TypeArguments[0], path + ".Value")})",
            "System.Collections.Generic.KeyValuePair`2" => Tuple(type, ["Key", "Value"], path),
            _ when name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) =>
                Tuple(type, [.. Enumerable.Range(1, type.TypeArguments.Length).Select(static i => i == 8 ? "Rest" : $"Item{i}")], path),
            _ when Packable.Find(type) is { } packable => OfPackable(type, packable, path) ?? Unknown(type, packable, path),
            _ => OfPlain(type, path),
        };
    }

    private string Sequence(ITypeSymbol element, string path) => $"{Check}Sequence({Of(element, path + "[]")})";

    private string Tuple(INamedTypeSymbol type, string[] names, string path)
    {
        IEnumerable<string> parts = type.TypeArguments.Select((part, i) => Of(part, $"{path}.{names[i]}"));
        return $"{Check}Tuple({string.Join(", ", parts)})";
    }

    /// <summary>A plain type, of which the library uses the formatter that is generated for it, if the application registers no other.</summary>
    private string OfPlain(ITypeSymbol type, string path)
    {
        Payload payload = payloads.Visit(type, path);
        if (payloads.Error is not null)
        {
            return "";
        }

        INamedTypeSymbol plain = (INamedTypeSymbol)type;
        string members = Named(plain, () => plain.IsAbstract
            ? Union(plain, ClosedHierarchy.CasesOf(plain).Select((derived, tag) => ((ushort)tag, derived)), path)
            : Members(
                plain,
                "Members",
                ObjectMembers.Of(plain, compilation).All.Select(member => Of(member.Type, $"{path}.{member.Name}"))))!;
        return PayloadWalk.IsOfFramework(plain)
            ? members
            : $"{Check}Plain<{payload.TypeName}>(static () => {payload.Formatter}, {members})";
    }

    /// <summary>A check that stands in a field of its own, because it may lead to itself.</summary>
    private string? Named(INamedTypeSymbol type, Func<string?> create)
    {
        if (!_named.TryGetValue(type, out string? name))
        {
            name = TypeNames.Identifier(type) + "Check";
            _named[type] = name;
            if (create() is { } expression)
            {
                _all.Add(new CheckModel(name, expression));
            }
            else
            {
                _named[type] = name = null;
            }
        }

        return name;
    }

    private static string Members(INamedTypeSymbol type, string kind, IEnumerable<string> members) =>
        $"{Check}{kind}(\"{TypeNames.People(type)}\", static () => [{List(members)}])";

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 0 ? "" : $"\n    {string.Join(",\n    ", all)}";
    }
}
