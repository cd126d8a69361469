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
    : TypeVisitor<CheckShape>(compilation, state)
{
    private readonly Dictionary<ITypeSymbol, NamedCheckShape?> _named = new(SymbolEqualityComparer.Default);
    private readonly List<CheckModel> _all = [];

    /// <summary>The checks that were found to be needed.</summary>
    public EquatableArray<CheckModel> All() => _all.OrderBy(static check => check.Name, StringComparer.Ordinal).ToEquatableArray();

    protected override CheckShape Refused => NoCheckShape.Instance;

    protected override CheckShape? VisitLeaf(INamedTypeSymbol type, string name, string path)
    {
        // An enum may be private to the type that the library reads; its underlying type is as good.
        if (type.EnumUnderlyingType is { } underlying)
        {
            return Visit(underlying, path);
        }

        if (type is { IsUnmanagedType: true, IsValueType: true })
        {
            return new RawCheckShape(formatters.VisitRaw(type, path));
        }

        return name switch
        {
            "System.String" or "System.Uri" or "System.Globalization.CultureInfo" or "System.TimeZoneInfo" => new KnownCheckShape(KnownForm.Text),
            "System.Text.StringBuilder" => new KnownCheckShape(KnownForm.Characters),
            "System.Version" => new KnownCheckShape(KnownForm.Version),
            _ => null,
        };
    }

    protected override CheckShape VisitReference(INamedTypeSymbol type, string path) =>
        Refuse(path, type, "is sent by reference, which the library cannot do: declare the type around it as a plain record");

    protected override CheckShape VisitArray(IArrayTypeSymbol type, CheckShape element, string path) =>
        type.IsSZArray ? new SequenceCheckShape(element) : new GridCheckShape(type.Rank, element);

    protected override CheckShape VisitCollection(INamedTypeSymbol type, CheckShape element) => new SequenceCheckShape(element);

    protected override CheckShape VisitNullable(INamedTypeSymbol type, CheckShape value) => new OptionalCheckShape(value);

    protected override CheckShape VisitLazy(INamedTypeSymbol type, CheckShape value) => new OptionalCheckShape(value);

    protected override CheckShape VisitPair(INamedTypeSymbol type, CheckShape key, CheckShape value) => new TupleCheckShape(new([key, value]));

    protected override CheckShape VisitTuple(INamedTypeSymbol type, CheckShape[] elements) => new TupleCheckShape(new(elements));

    protected override CheckShape VisitHierarchy(INamedTypeSymbol type, string path) => VisitPlain(
        type,
        path,
        () => Union(type, ClosedHierarchy.CasesOf(type).Select(static (derived, tag) => ((ushort)tag, derived)), path));

    protected override CheckShape VisitObject(INamedTypeSymbol type, string path) => VisitPlain(
        type,
        path,
        () => Members(
            type,
            MemberOrder.Members,
            ObjectMembers.Of(type, Compilation).All.Select(member => Visit(member.Type, $"{path}.{member.Name}"))));

    protected override CheckShape VisitOther(ITypeSymbol type, string path)
    {
        // It says why the type cannot be sent.
        formatters.Visit(type, path);
        return Refused;
    }

    /// <summary>A plain type, of which the library uses the formatter that is generated for it, if the application registers no other.</summary>
    private CheckShape VisitPlain(INamedTypeSymbol type, string path, Func<CheckShape> check)
    {
        VisitedType wire = formatters.Visit(type, path);
        if (State.Error is not null)
        {
            return Refused;
        }

        NamedCheckShape members = Named(type, check)!;
        return type.IsOfFramework() ? members : new PlainCheckShape(wire.Type, members);
    }

    /// <summary>A check that stands in a field of its own, because it may lead to itself.</summary>
    private NamedCheckShape? Named(INamedTypeSymbol type, Func<CheckShape?> create)
    {
        if (!_named.TryGetValue(type, out NamedCheckShape? named))
        {
            named = new NamedCheckShape(TypeNames.Identifier(type) + "Check");
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

    private static MembersCheckShape Members(INamedTypeSymbol type, MemberOrder order, IEnumerable<CheckShape> members) =>
        new(TypeNames.People(type), order, members.ToEquatableArray());
}
