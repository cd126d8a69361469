using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds out how types are written and read, and which formatters that takes.</summary>
/// <param name="compilation">What the types belong to.</param>
/// <param name="place">Where the type stands that the walk begins with.</param>
internal sealed partial class FormatterVisitor(Compilation compilation, WirePlace place = WirePlace.Call)
    : TypeVisitor<VisitedType>(compilation, new WalkState())
{
    private Dictionary<ITypeSymbol, VisitedType> _visited = new(SymbolEqualityComparer.Default);
    private readonly List<FormatterModel> _formatters = [];
    private readonly TypeGraph _graph = new();
    private readonly string _namespace = Identity.NamespaceOf(compilation.Assembly);

    /// <summary>Why what was visited cannot be sent.</summary>
    public WireError? Error => State.Error;

    /// <summary>The type that is the reason.</summary>
    public ITypeSymbol? RefusedType => State.Refused;

    /// <summary>What can be sent and not be checked.</summary>
    public IReadOnlyList<WireWarning> Warnings => State.Warnings;

    protected override VisitedType Refused => VisitedType.Unsupported;

    /// <summary>The formatters that were found to be needed.</summary>
    public EquatableArray<FormatterModel> Formatters() => _formatters
        .GroupBy(static formatter => formatter.Name, StringComparer.Ordinal)
        .Select(static group => group.First())
        .Select(formatter => formatter.Shape is ObjectShape shape && _graph.IsRecursive(formatter.Name)
            ? formatter with { Shape = shape with { IsRecursive = true } }
            : formatter)
        .OrderBy(static formatter => formatter.Level)
        .ThenBy(static formatter => formatter.Name, StringComparer.Ordinal)
        .ToEquatableArray();

    protected override VisitedType Find(ITypeSymbol type, string path)
    {
        if (!_visited.TryGetValue(type, out VisitedType wire))
        {
            wire = type is not INamedTypeSymbol { TypeKind: not TypeKind.Error } named ? base.Find(type, path)
                : CompilerErrors.HasMisfit(named) ? RefuseBroken(path, type)
                : WhyUnusable(named) is { } unusable ? Refuse(path, type, unusable)
                : base.Find(type, path);
            _visited[type] = wire;
        }

        if (wire.Encoding is GeneratedEncoding generated)
        {
            _graph.Use(generated.Formatter);
        }

        return wire;
    }

    protected override VisitedType[] VisitParts(ITypeSymbol owner, IEnumerable<(ITypeSymbol Type, string Path)> parts)
    {
        _graph.Enter(TypeNames.Identifier(owner));
        VisitedType[] visited = base.VisitParts(owner, parts);
        _graph.Leave();
        return visited;
    }

    protected override VisitedType? VisitLeaf(INamedTypeSymbol type, string name, string path)
    {
        WireEncoding? encoding =
            type.SpecialType == SpecialType.System_String ? new TextEncoding()
            : type.TypeKind == TypeKind.Enum || KnownTypes.Unmanaged.Contains(name) ? new UnmanagedEncoding()
            : KnownTypes.Checked.TryGetValue(name, out string known) ? new CheckedEncoding(known)
            : KnownTypes.Formatted.TryGetValue(name, out known) ? new ProvidedEncoding(known, type.IsUnmanagedType && type.IsValueType)
            : null;
        return encoding is null ? null : VisitedType.Of(TypeNames.Source(type), encoding);
    }

    /// <summary>By a formatter of that shape.</summary>
    /// <param name="type">The type.</param>
    /// <param name="level">That of what the shape is made of.</param>
    /// <param name="shape">What the formatter does.</param>
    private VisitedType Add(ITypeSymbol type, int level, FormatterShape shape)
    {
        FormatterModel model = new(TypeNames.Identifier(type), TypeNames.Source(type), level, shape);
        _formatters.Add(model);
        return By(model.Name, model.TypeName, level, shape.IsRaw);
    }

    /// <summary>By a formatter that is yet to be found: what it is made of may use it.</summary>
    private void AddLater(INamedTypeSymbol type) =>
        _visited[type] = By(TypeNames.Identifier(type), TypeNames.Source(type), level: 0, isRaw: false);

    private VisitedType By(string name, string typeName, int level, bool isRaw) =>
        new(new EncodedType(typeName, new GeneratedEncoding(_namespace, name, isRaw)), level + 1);
}
