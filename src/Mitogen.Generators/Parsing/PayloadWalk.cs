using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>One walk over a type and all that it is made of. It ends with the first error.</summary>
/// <param name="compilation">What the types belong to.</param>
/// <param name="place">Where the type stands.</param>
internal sealed partial class PayloadWalk(Compilation compilation, PayloadPlace place = PayloadPlace.Call)
{
    private const string Collections = "System.Collections.Generic.";

    // Characters of a name in a message.
    private const int MaxName = 100;

    private Dictionary<ITypeSymbol, Payload> _visited = new(SymbolEqualityComparer.Default);
    private readonly List<FormatterModel> _formatters = [];
    private readonly TypeGraph _graph = new();
    private readonly string _namespace = Identity.NamespaceOf(compilation.Assembly);

    public PayloadError? Error { get; private set; }

    /// <summary>What can be sent and not be checked.</summary>
    public List<PayloadWarning> Warnings { get; } = [];

    /// <summary>The formatters that the walk found to be needed.</summary>
    public EquatableArray<FormatterModel> Formatters() => _formatters
        .GroupBy(static formatter => formatter.Name, StringComparer.Ordinal)
        .Select(static group => group.First())
        .Select(formatter => formatter.Shape is ObjectShape shape && _graph.IsRecursive(formatter.Name)
            ? formatter with { Shape = shape with { IsRecursive = true } }
            : formatter)
        .OrderBy(static formatter => formatter.Level)
        .ThenBy(static formatter => formatter.Name, StringComparer.Ordinal)
        .ToEquatableArray();

    public Payload Visit(ITypeSymbol type, string path)
    {
        if (!Enter(type, path))
        {
            return Payload.Unsupported;
        }

        if (!_visited.TryGetValue(type, out Payload payload))
        {
            payload = Find(type, path);
            _visited[type] = payload;
        }

        Leave();
        if (payload.Encoding is GeneratedEncoding generated)
        {
            _graph.Use(generated.Formatter);
        }

        return payload;
    }

    private Payload Find(ITypeSymbol type, string path) => type switch
    {
        IArrayTypeSymbol array => VisitArray(array, path),
        INamedTypeSymbol named => VisitNamed(named, path),
        IDynamicTypeSymbol => Refuse(path, type, KnownTypes.Refused["System.Object"]),
        ITypeParameterSymbol => Refuse(path, type, "stands for a type that is not known: declare a closed type"),
        _ => Refuse(path, type, "means something in one process only: send a byte[]"),
    };

    private Payload VisitNamed(INamedTypeSymbol type, string path)
    {
        string name = type.FullMetadataName();
        string source = TypeNames.Source(type);
        if (type.TypeKind == TypeKind.Error)
        {
            return Refuse(path, type, "is not known to the compiler: fix that error first");
        }

        if (!compilation.IsSymbolAccessibleWithin(type, compilation.Assembly))
        {
            return Refuse(path, type, "is not visible to generated code: make it internal or public");
        }

        if (WhyUnusable(type) is { } unusable)
        {
            return Refuse(path, type, unusable);
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            return Payload.Of(source, new TextEncoding());
        }

        if (type.TypeKind == TypeKind.Enum || KnownTypes.Unmanaged.Contains(name))
        {
            return Payload.Of(source, new UnmanagedEncoding());
        }

        if (KnownTypes.Checked.TryGetValue(name, out string known))
        {
            return Payload.Of(source, new CheckedEncoding(known));
        }

        if (KnownTypes.Formatted.TryGetValue(name, out known))
        {
            return Payload.Of(source, new ProvidedEncoding(known, type.IsUnmanagedType && type.IsValueType));
        }

        if (VisitReference(type, name, path) is { } reference)
        {
            return reference;
        }

        if (KnownCollections.All.TryGetValue(name, out ElementKind element))
        {
            return VisitCollection(type, element, path);
        }

        return type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
            ? VisitNullable(type, path)
            : name switch
            {
                "System.Lazy`1" => VisitLazy(type, path),
                Collections + "KeyValuePair`2" => VisitPair(type, path),
                _ when name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) => VisitValueTuple(type, path),
                _ when name.StartsWith("System.Tuple`", StringComparison.Ordinal) => VisitObject(type, path),
                _ => Refusal(type) is { } reason ? Refuse(path, type, reason) : VisitUserType(type, path),
            };
    }

    private Payload VisitUserType(INamedTypeSymbol type, string path)
    {
        if (Packable.Find(type) is { } packable && !(type.IsUnmanagedType && type.IsValueType && packable.IsObject))
        {
            return VisitPackable(type, packable, path);
        }

        if (type.TypeKind != TypeKind.Interface && type.AllInterfaces.FirstOrDefault(static at => at.IsContract()) is { } contract)
        {
            return Refuse(
                path,
                type,
                $"implements the contract '{TypeNames.People(contract)}', and would be copied: declare '{TypeNames.People(contract)}' to pass a proxy of it, "
                + "or mark it [MemoryPackable] to send what it holds",
                isLoss: true);
        }

        if (type.TypeKind == TypeKind.Interface || type.IsAbstract)
        {
            return VisitHierarchy(type, path);
        }

        return type is { IsValueType: true, IsUnmanagedType: true } ? VisitRawStruct(type, path) : VisitObject(type, path);
    }

    public void Warn(string path, ITypeSymbol type, string reason)
    {
        PayloadWarning warning = new(path, $"'{TypeNames.People(type)}' {reason}");
        if (!Warnings.Contains(warning))
        {
            Warnings.Add(warning);
        }
    }

    public Payload Refuse(string path, ITypeSymbol type, string reason, bool isLoss = false)
    {
        Error ??= new PayloadError(Shorten(path), $"'{Shorten(TypeNames.People(type))}' {reason}", isLoss);
        return Payload.Unsupported;
    }

    private static string Shorten(string name) => name.Length <= MaxName ? name : name.Substring(0, MaxName) + "...";

    /// <summary>By a formatter of that shape.</summary>
    /// <param name="type">The type.</param>
    /// <param name="level">That of what the shape is made of.</param>
    /// <param name="shape">What the formatter does.</param>
    private Payload Add(ITypeSymbol type, int level, FormatterShape shape)
    {
        FormatterModel model = new(TypeNames.Identifier(type), TypeNames.Source(type), level, shape);
        _formatters.Add(model);
        return By(model.Name, model.TypeName, level, shape.IsRaw);
    }

    /// <summary>By a formatter that is yet to be found: what it is made of may use it.</summary>
    private void AddLater(INamedTypeSymbol type) =>
        _visited[type] = By(TypeNames.Identifier(type), TypeNames.Source(type), level: 0, isRaw: false);

    private Payload By(string name, string typeName, int level, bool isRaw) =>
        new(new EncodedType(typeName, new GeneratedEncoding(_namespace, name, isRaw)), level + 1);

    private static string? Refusal(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Delegate)
        {
            return KnownTypes.Refused["System.Delegate"];
        }

        if (type.IsRefLikeType)
        {
            return "lives on the stack: send an array";
        }

        if (type.IsFileLocal)
        {
            return "is not visible to generated code: make it internal or public";
        }

        if (Packable.Find(type) is not null)
        {
            return null;
        }

        INamedTypeSymbol[] lineage = [.. Lineage(type)];
        string? refused = lineage
            .Select(static at => KnownTypes.Refused.TryGetValue(at.FullMetadataName(), out string reason) ? reason : null)
            .FirstOrDefault(static reason => reason is not null);
        if (refused is not null)
        {
            return refused;
        }

        if (IsOfFramework(type))
        {
            return "is a type of the framework whose state is not known: send a record with what is needed";
        }

        if (lineage.FirstOrDefault(IsOfFramework) is { } inherited)
        {
            return $"derives from '{TypeNames.People(inherited)}', whose state is not known: send a record with what is needed";
        }

        return type.TypeKind != TypeKind.Interface && type.AllInterfaces.Any(IsEnumerable)
            ? "is a collection of its own kind: mark it [MemoryPackable(GenerateType.Collection)], or send a List"
            : null;
    }

    // The type and its bases, without the two that all types have.
    private static IEnumerable<INamedTypeSymbol> Lineage(INamedTypeSymbol type)
    {
        yield return type;
        for (INamedTypeSymbol? at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            {
                yield return at;
            }
        }
    }

    private static bool IsEnumerable(INamedTypeSymbol type) => type.SpecialType == SpecialType.System_Collections_IEnumerable;

    public static bool IsOfFramework(INamedTypeSymbol type)
    {
        INamespaceSymbol? space = type.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { IsGlobalNamespace: false, Name: "System" } && type.Locations.All(static location => location.IsInMetadata);
    }
}
