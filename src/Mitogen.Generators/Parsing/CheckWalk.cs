using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>
/// One walk over a type that the library reads, and all that it is made of: it finds out what the bytes must be like. What the walk
/// refuses is refused as elsewhere, with the path to it.
/// </summary>
internal sealed partial class CheckWalk(PayloadWalk payloads, Compilation compilation)
{
    private readonly Dictionary<ITypeSymbol, NamedCheck?> _named = new(SymbolEqualityComparer.Default);
    private readonly List<CheckModel> _all = [];

    /// <summary>The checks that were found to be needed.</summary>
    public EquatableArray<CheckModel> All() => _all.OrderBy(static check => check.Name, StringComparer.Ordinal).ToEquatableArray();

    /// <summary>The check of a type.</summary>
    private PayloadCheck Of(ITypeSymbol type, string path)
    {
        if (!payloads.Enter(type, path))
        {
            return NoCheck.Instance;
        }

        PayloadCheck check = type switch
        {
            IArrayTypeSymbol { IsSZArray: true } array => Sequence(array.ElementType, path),
            IArrayTypeSymbol array => new GridCheck(array.Rank, Of(array.ElementType, path + "[]")),
            INamedTypeSymbol named when named.TypeKind != TypeKind.Error => OfNamed(named, path),
            _ => OfPlain(type, path),
        };
        payloads.Leave();
        return check;
    }

    private PayloadCheck OfNamed(INamedTypeSymbol type, string path)
    {
        // An enum may be private to the type that the library reads; its underlying type is as good.
        if (type.EnumUnderlyingType is { } underlying)
        {
            return Of(underlying, path);
        }

        if (type is { IsUnmanagedType: true, IsValueType: true })
        {
            return new RawCheck(payloads.VisitRaw(type, path));
        }

        if (type.IsSentByReference())
        {
            return Refuse(path, type, "is sent by reference, which the library cannot do: declare the type around it as a plain record");
        }

        string name = type.FullMetadataName();
        if (KnownCollections.All.TryGetValue(name, out ElementKind element))
        {
            return Comparability.WhyUnsorted(type) is { } unsorted ? Refuse(path, type, unsorted) : Sequence(payloads.ElementOf(type, element), path);
        }

        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return new OptionalCheck(Of(type.TypeArguments[0], path));
        }

        return name switch
        {
            "System.String" or "System.Uri" or "System.Globalization.CultureInfo" or "System.TimeZoneInfo" => new KnownCheck(KnownForm.Text),
            "System.Text.StringBuilder" => new KnownCheck(KnownForm.Characters),
            "System.Version" => new KnownCheck(KnownForm.Version),
            "System.Lazy`1" => new OptionalCheck(Of(type.TypeArguments[0], path + ".Value")),
            "System.Collections.Generic.KeyValuePair`2" => Tuple(type, ["Key", "Value"], path),
            _ when name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) =>
                Tuple(type, [.. Enumerable.Range(1, type.TypeArguments.Length).Select(static i => i == 8 ? "Rest" : $"Item{i}")], path),
            _ when Packable.Find(type) is { } packable => (PayloadCheck?)OfPackable(type, packable, path) ?? Unknown(type, packable.Formatter, path),
            _ => OfPlain(type, path),
        };
    }

    private SequenceCheck Sequence(ITypeSymbol element, string path) => new(Of(element, path + "[]"));

    private TupleCheck Tuple(INamedTypeSymbol type, string[] names, string path) =>
        new(type.TypeArguments.Select((part, i) => Of(part, $"{path}.{names[i]}")).ToEquatableArray());

    /// <summary>A plain type, of which the library uses the formatter that is generated for it, if the application registers no other.</summary>
    private PayloadCheck OfPlain(ITypeSymbol type, string path)
    {
        Payload payload = payloads.Visit(type, path);
        if (payloads.Error is not null)
        {
            return NoCheck.Instance;
        }

        INamedTypeSymbol plain = (INamedTypeSymbol)type;
        NamedCheck members = Named(plain, () => plain.IsAbstract
            ? Union(plain, ClosedHierarchy.CasesOf(plain).Select((derived, tag) => ((ushort)tag, derived)), path)
            : Members(
                plain,
                MemberOrder.Members,
                ObjectMembers.Of(plain, compilation).All.Select(member => Of(member.Type, $"{path}.{member.Name}"))))!;
        return PayloadWalk.IsOfFramework(plain)
            ? members
            : new PlainCheck(payload.Type, members);
    }

    /// <summary>A check that stands in a field of its own, because it may lead to itself.</summary>
    private NamedCheck? Named(INamedTypeSymbol type, Func<PayloadCheck?> create)
    {
        if (!_named.TryGetValue(type, out NamedCheck? named))
        {
            named = new NamedCheck(TypeNames.Identifier(type) + "Check");
            _named[type] = named;
            if (create() is { } check)
            {
                _all.Add(new CheckModel(named.Name, check));
            }
            else
            {
                _named[type] = named = null;
            }
        }

        return named;
    }

    private static MembersCheck Members(INamedTypeSymbol type, MemberOrder order, IEnumerable<PayloadCheck> members) =>
        new(TypeNames.People(type), order, members.ToEquatableArray());
}
