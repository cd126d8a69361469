using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>
/// The walk over a type and all that it is made of. It knows the kinds of types that can be sent, in the order in which they are told
/// apart, and what each is made of; a visitor says what comes of a type, given what came of its parts.
/// </summary>
/// <typeparam name="T">What comes of a type.</typeparam>
/// <param name="compilation">What the types belong to.</param>
/// <param name="state">How deep the walk is. Visitors of the same types share it.</param>
internal abstract class TypeVisitor<T>(Compilation compilation, WalkState state)
    where T : class
{
    private const string Collections = "System.Collections.Generic.";
    private const string ValueTuple = "System.ValueTuple`";

    // The tuple of eight has seven elements and a tuple of the others.
    private const int RestIndex = 7;

    protected Compilation Compilation => compilation;

    protected WalkState State => state;

    /// <summary>What stands for a type that was refused.</summary>
    protected abstract T Refused { get; }

    /// <summary>Visits a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="path">From what is sent down to it, for messages.</param>
    public T Visit(ITypeSymbol type, string path)
    {
        if (!state.Enter(type, path))
        {
            return Refused;
        }

        T found = Find(type, path);
        state.Leave();
        return found;
    }

    /// <summary>Tells a type's kind, and visits it as one of that.</summary>
    protected virtual T Find(ITypeSymbol type, string path) => type switch
    {
        IArrayTypeSymbol array => VisitArray(array, VisitPart(array, array.ElementType, path + "[]"), path),
        INamedTypeSymbol { TypeKind: not TypeKind.Error } named => FindNamed(named, named.FullMetadataName(), path),
        _ => VisitOther(type, path),
    };

    /// <summary>A type that is written without a look at what it is made of; <see langword="null"/> for others.</summary>
    protected abstract T? VisitLeaf(INamedTypeSymbol type, string name, string path);

    /// <summary>What stays where it is, and is sent as a reference; <see langword="null"/> if it is none after all.</summary>
    protected abstract T? VisitReference(INamedTypeSymbol type, string path);

    protected abstract T VisitArray(IArrayTypeSymbol type, T element, string path);

    protected abstract T VisitCollection(INamedTypeSymbol type, T element);

    protected abstract T VisitNullable(INamedTypeSymbol type, T value);

    protected abstract T VisitLazy(INamedTypeSymbol type, T value);

    protected abstract T VisitPair(INamedTypeSymbol type, T key, T value);

    protected abstract T VisitTuple(INamedTypeSymbol type, T[] elements);

    /// <summary>A type marked with <c>[MemoryPackable]</c>.</summary>
    protected abstract T VisitPackable(INamedTypeSymbol type, Packable packable, string path);

    /// <summary>Another abstract class or interface.</summary>
    protected abstract T VisitHierarchy(INamedTypeSymbol type, string path);

    /// <summary>Another class or struct.</summary>
    protected abstract T VisitObject(INamedTypeSymbol type, string path);

    /// <summary>What is no class, struct, interface or array, or not known to the compiler.</summary>
    protected abstract T VisitOther(ITypeSymbol type, string path);

    /// <summary>How messages name an element of a tuple.</summary>
    protected virtual string DisplayNameOf(INamedTypeSymbol tuple, int index) => ElementName(index);

    /// <summary>Visits what a type is made of.</summary>
    protected virtual T[] VisitParts(ITypeSymbol owner, IEnumerable<(ITypeSymbol Type, string Path)> parts) =>
        [.. parts.Select(part => Visit(part.Type, part.Path))];

    protected T Refuse(string path, ITypeSymbol type, string reason, bool isLoss = false)
    {
        state.Refuse(path, type, reason, isLoss);
        return Refused;
    }

    /// <summary>What a dictionary of these type arguments holds.</summary>
    protected INamedTypeSymbol PairOf(INamedTypeSymbol dictionary) => Construct(Collections + "KeyValuePair`2", dictionary);

    /// <summary>The field of a tuple that holds an element.</summary>
    protected static string ElementName(int index) => index == RestIndex ? "Rest" : $"Item{index + 1}";

    private T FindNamed(INamedTypeSymbol type, string name, string path)
    {
        if (VisitLeaf(type, name, path) is { } leaf)
        {
            return leaf;
        }

        if (type.IsSentByReference() && VisitReference(type, path) is { } reference)
        {
            return reference;
        }

        if (KnownCollections.All.TryGetValue(name, out ElementKind kind))
        {
            return Comparability.WhyUnsorted(type) is { } unsorted
                ? Refuse(path, type, unsorted)
                : VisitCollection(type, VisitPart(type, ElementOf(type, kind), path + "[]"));
        }

        return type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
            ? VisitNullable(type, VisitPart(type, type.TypeArguments[0], path))
            : name switch
            {
                "System.Lazy`1" => VisitLazy(type, VisitPart(type, type.TypeArguments[0], path + ".Value")),
                Collections + "KeyValuePair`2" => FindPair(type, path),
                _ when name.StartsWith(ValueTuple, StringComparison.Ordinal) => FindTuple(type, path),
                _ when Packable.Find(type) is { } packable && !(type.IsUnmanagedType && type.IsValueType && packable.IsObject) =>
                    VisitPackable(type, packable, path),
                _ when type.TypeKind == TypeKind.Interface || type.IsAbstract => VisitHierarchy(type, path),
                _ => VisitObject(type, path),
            };
    }

    private T FindPair(INamedTypeSymbol type, string path)
    {
        T[] parts = VisitParts(type, [(type.TypeArguments[0], path + ".Key"), (type.TypeArguments[1], path + ".Value")]);
        return VisitPair(type, parts[0], parts[1]);
    }

    private T FindTuple(INamedTypeSymbol type, string path) => VisitTuple(
        type,
        VisitParts(
            type,
            (type.TupleUnderlyingType ?? type).TypeArguments.Select((element, index) => (element, $"{path}.{DisplayNameOf(type, index)}"))));

    private T VisitPart(ITypeSymbol owner, ITypeSymbol part, string path) => VisitParts(owner, [(part, path)])[0];

    private ITypeSymbol ElementOf(INamedTypeSymbol type, ElementKind kind) => kind switch
    {
        ElementKind.Pair => PairOf(type),
        ElementKind.Tuple => Construct(ValueTuple + "2", type),
        _ => type.TypeArguments[0],
    };

    private INamedTypeSymbol Construct(string definition, INamedTypeSymbol arguments) =>
        compilation.GetTypeByMetadataName(definition)!.Construct(arguments.TypeArguments[0], arguments.TypeArguments[1]);
}
