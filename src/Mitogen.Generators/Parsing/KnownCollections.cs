namespace Mitogen.Generators.Parsing;

/// <summary>What a collection's element is, in terms of the collection's type arguments.</summary>
internal enum ElementKind
{
    /// <summary>The type argument.</summary>
    Single,

    /// <summary>A <c>KeyValuePair</c> of the two.</summary>
    Pair,

    /// <summary>A <c>ValueTuple</c> of the two.</summary>
    Tuple,
}

/// <summary>The collections that can be sent, by their metadata names.</summary>
internal static class KnownCollections
{
    private static readonly string[] s_ofSingles =
    [
        "System.Collections.Generic.List`1", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Queue`1",
        "System.Collections.Generic.Stack`1", "System.Collections.Generic.LinkedList`1", "System.Collections.Generic.SortedSet`1",
        "System.Collections.ObjectModel.Collection`1", "System.Collections.ObjectModel.ObservableCollection`1",
        "System.Collections.ObjectModel.ReadOnlyCollection`1", "System.Collections.ObjectModel.ReadOnlyObservableCollection`1",
        "System.Collections.Concurrent.ConcurrentQueue`1", "System.Collections.Concurrent.ConcurrentStack`1",
        "System.Collections.Concurrent.ConcurrentBag`1", "System.Collections.Concurrent.BlockingCollection`1",
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IList`1",
        "System.Collections.Generic.ISet`1", "System.Collections.Generic.IReadOnlySet`1",
        "System.Collections.Immutable.ImmutableArray`1", "System.Collections.Immutable.ImmutableList`1",
        "System.Collections.Immutable.IImmutableList`1", "System.Collections.Immutable.ImmutableQueue`1",
        "System.Collections.Immutable.IImmutableQueue`1", "System.Collections.Immutable.ImmutableStack`1",
        "System.Collections.Immutable.IImmutableStack`1", "System.Collections.Immutable.ImmutableHashSet`1",
        "System.Collections.Immutable.IImmutableSet`1", "System.Collections.Immutable.ImmutableSortedSet`1",
        "System.Collections.Frozen.FrozenSet`1", "System.Memory`1", "System.ReadOnlyMemory`1", "System.ArraySegment`1",
        "System.Buffers.ReadOnlySequence`1",
    ];

    private static readonly string[] s_ofPairs =
    [
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.SortedDictionary`2",
        "System.Collections.Generic.SortedList`2", "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.IReadOnlyDictionary`2", "System.Collections.ObjectModel.ReadOnlyDictionary`2",
        "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Immutable.IImmutableDictionary`2", "System.Collections.Immutable.ImmutableSortedDictionary`2",
        "System.Collections.Frozen.FrozenDictionary`2",
    ];

    private static readonly string[] s_ofTuples = ["System.Collections.Generic.PriorityQueue`2"];

    public static readonly Dictionary<string, ElementKind> All = s_ofSingles.Select(static name => (name, ElementKind.Single))
        .Concat(s_ofPairs.Select(static name => (name, ElementKind.Pair)))
        .Concat(s_ofTuples.Select(static name => (name, ElementKind.Tuple)))
        .ToDictionary(static at => at.name, static at => at.Item2, StringComparer.Ordinal);
}
