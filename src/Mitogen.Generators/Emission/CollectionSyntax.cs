using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>
/// How generated code sees a collection's elements, and makes a collection of them. In the texts, <c>$T</c> is the type and <c>$0</c>,
/// <c>$1</c> its arguments.
/// </summary>
/// <param name="Creation">An expression over <c>items</c>, an array.</param>
/// <param name="View">An expression over <c>value</c> that yields a span.</param>
/// <param name="IsNull">A condition over <c>value</c>, for a struct that can stand for null.</param>
internal sealed record CollectionSyntax(string Creation, string View = CollectionSyntax.ViewAny, string? IsNull = null)
{
    private const string Generic = "global::System.Collections.Generic.";
    private const string Immutable = "global::System.Collections.Immutable.";
    private const string Views = $"{Abi}.SequenceViews";
    private const string ViewAny = $"{Views}.Of(value)";
    private const string ViewReversed = $"{Views}.Reversed(value)";

    // The concurrent collections' own copy: of one moment, although others change the collection meanwhile.
    private const string ViewMoment = "value.ToArray()";

    // Those that hash: who sends them may choose keys whose hash codes meet.
    private const string HashedItems = $"{Abi}.KeyCollisions.OfItems(items)";
    private const string HashedPairs = $"{Abi}.KeyCollisions.OfKeys(items)";

    private const string NewFromItems = "new $T(items)";
    private const string NewSet = $"new {Generic}HashSet<$0>({HashedItems})";
    private const string NewDictionary = $"new {Generic}Dictionary<$0, $1>({HashedPairs})";
    private const string NewList = $"new {Generic}List<$0>(items)";

    private static readonly Dictionary<string, CollectionSyntax> s_all = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.List`1"] = new(NewFromItems),
        ["System.Collections.Generic.HashSet`1"] = new($"new $T({HashedItems})"),
        ["System.Collections.Generic.Queue`1"] = new(NewFromItems),
        ["System.Collections.Generic.Stack`1"] = new(NewFromItems, ViewReversed),
        ["System.Collections.Generic.LinkedList`1"] = new(NewFromItems),
        ["System.Collections.Generic.SortedSet`1"] = new(NewFromItems),
        ["System.Collections.ObjectModel.Collection`1"] = new($"new $T({NewList})"),
        ["System.Collections.ObjectModel.ObservableCollection`1"] = new(NewFromItems),
        ["System.Collections.ObjectModel.ReadOnlyCollection`1"] = new(NewFromItems),
        ["System.Collections.ObjectModel.ReadOnlyObservableCollection`1"] =
            new("new $T(new global::System.Collections.ObjectModel.ObservableCollection<$0>(items))"),
        ["System.Collections.Concurrent.ConcurrentQueue`1"] = new(NewFromItems, ViewMoment),
        ["System.Collections.Concurrent.ConcurrentStack`1"] =
            new(NewFromItems, $"{Views}.Reversed(value.ToArray())"),
        ["System.Collections.Concurrent.ConcurrentBag`1"] = new(NewFromItems, ViewMoment),
        ["System.Collections.Concurrent.BlockingCollection`1"] =
            new("new $T(new global::System.Collections.Concurrent.ConcurrentQueue<$0>(items))", ViewMoment),
        ["System.Collections.Generic.PriorityQueue`2"] =
            new(NewFromItems, $"{Views}.Of(value.UnorderedItems)"),

        ["System.Collections.Generic.IEnumerable`1"] = new("items"),
        ["System.Collections.Generic.IReadOnlyCollection`1"] = new("items"),
        ["System.Collections.Generic.IReadOnlyList`1"] = new("items"),
        ["System.Collections.Generic.ICollection`1"] = new(NewList),
        ["System.Collections.Generic.IList`1"] = new(NewList),
        ["System.Collections.Generic.ISet`1"] = new(NewSet),
        ["System.Collections.Generic.IReadOnlySet`1"] = new(NewSet),

        ["System.Collections.Generic.Dictionary`2"] = new($"new $T({HashedPairs})"),
        ["System.Collections.Generic.SortedDictionary`2"] = new($"new $T({NewDictionary})"),
        ["System.Collections.Generic.SortedList`2"] = new($"new $T({NewDictionary})"),
        ["System.Collections.Generic.IDictionary`2"] = new(NewDictionary),
        ["System.Collections.Generic.IReadOnlyDictionary`2"] = new(NewDictionary),
        ["System.Collections.ObjectModel.ReadOnlyDictionary`2"] = new($"new $T({NewDictionary})"),
        ["System.Collections.Concurrent.ConcurrentDictionary`2"] =
            new($"new $T({HashedPairs})", ViewMoment),

        ["System.Collections.Immutable.ImmutableArray`1"] = new(
            "global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items)",
            "value.AsSpan()",
            "value.IsDefault"),
        ["System.Collections.Immutable.ImmutableList`1"] = new($"{Immutable}ImmutableList.CreateRange(items)"),
        ["System.Collections.Immutable.IImmutableList`1"] = new($"{Immutable}ImmutableList.CreateRange(items)"),
        ["System.Collections.Immutable.ImmutableQueue`1"] = new($"{Immutable}ImmutableQueue.CreateRange(items)"),
        ["System.Collections.Immutable.IImmutableQueue`1"] = new($"{Immutable}ImmutableQueue.CreateRange(items)"),
        ["System.Collections.Immutable.ImmutableStack`1"] =
            new($"{Immutable}ImmutableStack.CreateRange(items)", ViewReversed),
        ["System.Collections.Immutable.IImmutableStack`1"] =
            new($"{Immutable}ImmutableStack.CreateRange(items)", ViewReversed),
        ["System.Collections.Immutable.ImmutableHashSet`1"] = new($"{Immutable}ImmutableHashSet.CreateRange({HashedItems})"),
        ["System.Collections.Immutable.IImmutableSet`1"] = new($"{Immutable}ImmutableHashSet.CreateRange({HashedItems})"),
        ["System.Collections.Immutable.ImmutableSortedSet`1"] = new($"{Immutable}ImmutableSortedSet.CreateRange(items)"),
        ["System.Collections.Immutable.ImmutableDictionary`2"] = new($"{Immutable}ImmutableDictionary.CreateRange({HashedPairs})"),
        ["System.Collections.Immutable.IImmutableDictionary`2"] = new($"{Immutable}ImmutableDictionary.CreateRange({HashedPairs})"),
        ["System.Collections.Immutable.ImmutableSortedDictionary`2"] = new($"{Immutable}ImmutableSortedDictionary.CreateRange(items)"),
        ["System.Collections.Frozen.FrozenSet`1"] = new($"global::System.Collections.Frozen.FrozenSet.ToFrozenSet({HashedItems})"),
        ["System.Collections.Frozen.FrozenDictionary`2"] =
            new($"global::System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary({HashedPairs})"),

        ["System.Memory`1"] = new("items", "value.Span"),
        ["System.ReadOnlyMemory`1"] = new("items", "value.Span"),
        ["System.ArraySegment`1"] = new(NewFromItems, "value"),
        ["System.Buffers.ReadOnlySequence`1"] =
            new(NewFromItems, "value.IsSingleSegment ? value.FirstSpan : global::System.Buffers.BuffersExtensions.ToArray(value)"),
    };

    /// <summary>The metadata names of the collections.</summary>
    public static IEnumerable<string> Definitions => s_all.Keys;

    public static CollectionSyntax Of(CollectionType collection) => s_all[collection.Definition];

    /// <summary>The expression that makes a collection of <c>items</c>.</summary>
    public string Create(string typeName, CollectionType collection) => Creation
        .Replace("$T", typeName)
        .Replace("$0", collection.Arguments[0])
        .Replace("$1", collection.Arguments[collection.Arguments.Count - 1]);
}
