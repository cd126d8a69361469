using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>
/// Finds out what the bytes of a type must be like that the library reads. What it refuses is refused as elsewhere, with the path to it.
/// </summary>
/// <param name="formatters">Finds formatters in the walk that came to the type.</param>
/// <param name="compilation">What the types belong to.</param>
/// <param name="state">That of the walk.</param>
internal sealed partial class CheckVisitor(FormatterVisitor formatters, Compilation compilation, WalkState state)
    : TypeVisitor<WireCheck>(compilation, state)
{
    private readonly Dictionary<ITypeSymbol, NamedCheck?> _named = new(SymbolEqualityComparer.Default);
    private readonly List<CheckModel> _all = [];

    /// <summary>The checks that were found to be needed.</summary>
    public EquatableArray<CheckModel> All() => _all.OrderBy(static check => check.Name, StringComparer.Ordinal).ToEquatableArray();

    protected override WireCheck Refused => NoCheck.Instance;

    protected override WireCheck? VisitLeaf(INamedTypeSymbol type, string name, string path)
    {
        // An enum may be private to the type that the library reads; its underlying type is as good.
        if (type.EnumUnderlyingType is { } underlying)
        {
            return Visit(underlying, path);
        }

        if (type is { IsUnmanagedType: true, IsValueType: true })
        {
            return new RawCheck(formatters.VisitRaw(type, path));
        }

        return name switch
        {
            "System.String" or "System.Uri" or "System.Globalization.CultureInfo" or "System.TimeZoneInfo" => new KnownCheck(KnownForm.Text),
            "System.Text.StringBuilder" => new KnownCheck(KnownForm.Characters),
            "System.Version" => new KnownCheck(KnownForm.Version),
            _ => null,
        };
    }

    protected override WireCheck VisitReference(INamedTypeSymbol type, string path) =>
        Refuse(path, type, "is sent by reference, which the library cannot do: declare the type around it as a plain record");

    protected override WireCheck VisitArray(IArrayTypeSymbol type, WireCheck element, string path) =>
        type.IsSZArray ? new SequenceCheck(element) : new GridCheck(type.Rank, element);

    protected override WireCheck VisitCollection(INamedTypeSymbol type, WireCheck element) => new SequenceCheck(element);

    protected override WireCheck VisitNullable(INamedTypeSymbol type, WireCheck value) => new OptionalCheck(value);

    protected override WireCheck VisitLazy(INamedTypeSymbol type, WireCheck value) => new OptionalCheck(value);

    protected override WireCheck VisitPair(INamedTypeSymbol type, WireCheck key, WireCheck value) => new TupleCheck(new([key, value]));

    protected override WireCheck VisitTuple(INamedTypeSymbol type, WireCheck[] elements) => new TupleCheck(new(elements));

    protected override WireCheck VisitHierarchy(INamedTypeSymbol type, string path) => VisitPlain(
        type,
        path,
        () => Union(type, ClosedHierarchy.CasesOf(type).Select(static (derived, tag) => ((ushort)tag, derived)), path));

    protected override WireCheck VisitObject(INamedTypeSymbol type, string path) => VisitPlain(
        type,
        path,
        () => Members(
            type,
            MemberOrder.Members,
            ObjectMembers.Of(type, Compilation).All.Select(member => Visit(member.Type, $"{path}.{member.Name}"))));

    protected override WireCheck VisitOther(ITypeSymbol type, string path)
    {
        // It says why the type cannot be sent.
        formatters.Visit(type, path);
        return Refused;
    }

    /// <summary>A plain type, of which the library uses the formatter that is generated for it, if the application registers no other.</summary>
    private WireCheck VisitPlain(INamedTypeSymbol type, string path, Func<WireCheck> check)
    {
        VisitedType wire = formatters.Visit(type, path);
        if (State.Error is not null)
        {
            return Refused;
        }

        NamedCheck members = Named(type, check)!;
        return type.IsOfFramework() ? members : new PlainCheck(wire.Type, members);
    }

    /// <summary>A check that stands in a field of its own, because it may lead to itself.</summary>
    private NamedCheck? Named(INamedTypeSymbol type, Func<WireCheck?> create)
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

    private static MembersCheck Members(INamedTypeSymbol type, MemberOrder order, IEnumerable<WireCheck> members) =>
        new(TypeNames.People(type), order, members.ToEquatableArray());
}
