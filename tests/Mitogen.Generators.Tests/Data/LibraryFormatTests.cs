using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;
using System.Runtime.Loader;
using MemoryPack;

namespace Mitogen.Generators.Tests.Data;

/// <summary>Every collection is written as the library writes it, whatever its elements are.</summary>
public sealed class LibraryFormatTests
{
    private static readonly MethodInfo s_serialize = LoadLibrary();

    private static readonly string[] s_collections =
    [
        "List<$>", "HashSet<$>", "Queue<$>", "Stack<$>", "LinkedList<$>", "SortedSet<$>", "System.Collections.ObjectModel.Collection<$>",
        "System.Collections.ObjectModel.ObservableCollection<$>", "System.Collections.ObjectModel.ReadOnlyCollection<$>",
        "System.Collections.ObjectModel.ReadOnlyObservableCollection<$>", "System.Collections.Concurrent.ConcurrentQueue<$>",
        "System.Collections.Concurrent.ConcurrentStack<$>", "System.Collections.Concurrent.ConcurrentBag<$>",
        "System.Collections.Concurrent.BlockingCollection<$>", "IEnumerable<$>", "IReadOnlyCollection<$>", "IReadOnlyList<$>",
        "ICollection<$>", "IList<$>", "ISet<$>", "IReadOnlySet<$>", "System.Collections.Immutable.ImmutableArray<$>",
        "System.Collections.Immutable.ImmutableList<$>", "System.Collections.Immutable.IImmutableList<$>",
        "System.Collections.Immutable.ImmutableQueue<$>", "System.Collections.Immutable.IImmutableQueue<$>",
        "System.Collections.Immutable.ImmutableStack<$>", "System.Collections.Immutable.IImmutableStack<$>",
        "System.Collections.Immutable.ImmutableHashSet<$>", "System.Collections.Immutable.IImmutableSet<$>",
        "System.Collections.Immutable.ImmutableSortedSet<$>", "System.Collections.Frozen.FrozenSet<$>", "Memory<$>", "ReadOnlyMemory<$>",
        "ArraySegment<$>", "System.Buffers.ReadOnlySequence<$>", "$[]", "$[][]", "$[,]", "$[,,]", "$[,,,]", "Lazy<$>", "Tuple<$>", "Tuple<int, $>",
        "Dictionary<int, $>", "Dictionary<$, string>", "SortedDictionary<int, $>", "SortedList<int, $>", "IDictionary<int, $>",
        "IReadOnlyDictionary<int, $>", "System.Collections.Concurrent.ConcurrentDictionary<int, $>",
        "System.Collections.Immutable.ImmutableDictionary<int, $>", "System.Collections.Immutable.IImmutableDictionary<int, $>",
        "System.Collections.Immutable.ImmutableSortedDictionary<int, $>", "System.Collections.Frozen.FrozenDictionary<int, $>",
        "PriorityQueue<$, int>", "KeyValuePair<$, int>", "($, int)", "($, string)",
        "($, int, int, int, int, int, int, int, string)", "($, byte, int, byte, int, byte, int, byte, int)",
    ];

    private static readonly string[] s_elements = ["int", "string", "DateTimeOffset"];

    private static readonly Lazy<DataSample> s_sample = new(() => DataSample.Compile(
        $"public static class Cases {{ {string.Concat(Cases().Select(c => $"public static {c.Type} {c.Name} = default!;"))} }}"));

    public static TheoryData<string, string> Names()
    {
        TheoryData<string, string> rows = [];
        foreach ((string name, string type) in Cases())
        {
            rows.Add(name, type);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_written_as_the_library_writes_it_and_read_back(string name, string type)
    {
        object value = Sample(s_sample.Value.TypeOf(name), 0);
        byte[] expected = ByLibrary(s_sample.Value.TypeOf(name), value);
        byte[] written = s_sample.Value.Write(name, value);
        if (type.Contains(nameof(DateTimeOffset), StringComparison.Ordinal))
        {
            // The library's padding holds what was on the stack: seen in ImmutableDictionary<int, DateTimeOffset>.
            Assert.Equal(expected.Length, written.Length);
            Assert.All(written.Zip(expected), bytes => Assert.True(bytes.First == bytes.Second || bytes.First == 0));
        }
        else
        {
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(written));
        }

        object read = s_sample.Value.Read(name, expected)!;
        Assert.Equal(Convert.ToHexString(Canonical(name, value)), Convert.ToHexString(Canonical(name, read)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Null_is_written_as_the_library_writes_it_and_read_back(string name, string type)
    {
        Assert.NotEmpty(type);
        Type runtimeType = s_sample.Value.TypeOf(name);
        if (!runtimeType.IsValueType)
        {
            byte[] expected = ByLibrary(runtimeType, null);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(s_sample.Value.Write(name, null)));
            Assert.Null(s_sample.Value.Read(name, expected));
        }
    }

    private static IEnumerable<(string Name, string Type)> Cases() =>
        from element in s_elements
        from collection in s_collections
        let type = collection.Replace("$", element, StringComparison.Ordinal)
        select ($"C{Array.IndexOf(s_elements, element)}_{Array.IndexOf(s_collections, collection)}", type);

    private static byte[] ByLibrary(Type type, object? value) => (byte[])s_serialize.Invoke(null, [type, value, null])!;

    // A copy of the library in a load context of its own: formatters are registered for the whole of one copy, and other tests
    // register ours.
    private static MethodInfo LoadLibrary()
    {
        Type here = typeof(MemoryPackSerializer);
        Assembly copy = new AssemblyLoadContext("library").LoadFromAssemblyPath(here.Assembly.Location);
        Type there = copy.GetType(here.FullName!, throwOnError: true)!;
        return there.GetMethods().Single(method =>
            method.Name == nameof(MemoryPackSerializer.Serialize)
            && method.ReturnType == typeof(byte[])
            && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Type));
    }

    // Bags turn around what they are made of, and sets of strings have another order in another instance.
    private static byte[] Canonical(string name, object value)
    {
        byte[] bytes = s_sample.Value.Write(name, value);
        if (value is IEnumerable items && value is not Array && value.GetType().Name is { } kind
            && (kind.Contains("Bag", StringComparison.Ordinal) || kind.Contains("Set", StringComparison.Ordinal)
                || kind.Contains("Dictionary", StringComparison.Ordinal) || kind.Contains("Frozen", StringComparison.Ordinal)))
        {
            string[] shown = [.. items.Cast<object>().Select(item => item.ToString()!).Order(StringComparer.Ordinal)];
            return System.Text.Encoding.UTF8.GetBytes(string.Join('|', shown));
        }

        return bytes;
    }

    private static object Sample(Type type, int seed)
    {
        object? leaf = type switch
        {
            _ when type == typeof(int) => seed + 1,
            _ when type == typeof(byte) => (byte)(seed + 1),
            _ when type == typeof(string) => $"text {seed}",
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(2)).AddDays(seed),
            _ => null,
        };
        if (leaf is not null)
        {
            return leaf;
        }

        if (type.IsArray)
        {
            Type element = type.GetElementType()!;
            Array array = Array.CreateInstance(element, [.. Enumerable.Range(2, type.GetArrayRank())]);
            int[] index = new int[type.GetArrayRank()];
            for (int i = 0; i < array.Length; i++)
            {
                int rest = i;
                for (int d = index.Length - 1; d >= 0; d--)
                {
                    index[d] = rest % array.GetLength(d);
                    rest /= array.GetLength(d);
                }

                array.SetValue(Sample(element, i), index);
            }

            return array;
        }

        Type[] arguments = type.GetGenericArguments();
        Type definition = type.GetGenericTypeDefinition();
        if (definition.Name.StartsWith("Tuple`", StringComparison.Ordinal) || definition.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
            || definition == typeof(KeyValuePair<,>))
        {
            return Activator.CreateInstance(type, [.. arguments.Select((argument, i) => Sample(argument, seed + i))])!;
        }

        string maker = definition.Name[..definition.Name.IndexOf('`', StringComparison.Ordinal)];
        MethodInfo method = typeof(LibraryFormatTests).GetMethod(
            arguments.Length == 2 ? nameof(MakePairs) : nameof(MakeItems),
            BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments);
        return method.Invoke(null, [maker])!;
    }

    private static object MakeItems<T>(string kind)
    {
        T[] items = [.. Enumerable.Range(0, 3).Select(i => (T)Sample(typeof(T), i))];
        return kind switch
        {
            "HashSet" or "ISet" or "IReadOnlySet" => new HashSet<T>(items),
            "Queue" => new Queue<T>(items),
            "Stack" => new Stack<T>(items),
            "LinkedList" => new LinkedList<T>(items),
            "SortedSet" => new SortedSet<T>(items),
            "Collection" => new Collection<T>([.. items]),
            "ObservableCollection" => new ObservableCollection<T>(items),
            "ReadOnlyCollection" => new ReadOnlyCollection<T>(items),
            "ReadOnlyObservableCollection" => new ReadOnlyObservableCollection<T>(new ObservableCollection<T>(items)),
            "ConcurrentQueue" => new ConcurrentQueue<T>(items),
            "ConcurrentStack" => new ConcurrentStack<T>(items),
            "ConcurrentBag" => new ConcurrentBag<T>(items),
            "BlockingCollection" => new BlockingCollection<T>(new ConcurrentQueue<T>(items)),
            "ImmutableArray" => ImmutableArray.Create(items),
            "ImmutableList" or "IImmutableList" => ImmutableList.Create(items),
            "ImmutableQueue" or "IImmutableQueue" => ImmutableQueue.Create(items),
            "ImmutableStack" or "IImmutableStack" => ImmutableStack.Create(items),
            "ImmutableHashSet" or "IImmutableSet" => ImmutableHashSet.Create(items),
            "ImmutableSortedSet" => ImmutableSortedSet.Create(items),
            "FrozenSet" => items.ToFrozenSet(),
            "Memory" => new Memory<T>(items),
            "ReadOnlyMemory" => new ReadOnlyMemory<T>(items),
            "ArraySegment" => new ArraySegment<T>(items, 1, items.Length - 1),
            "ReadOnlySequence" => new ReadOnlySequence<T>(items),
            "Lazy" => new Lazy<T>(items[0]),
            "IReadOnlyList" or "IReadOnlyCollection" => items,
            "IEnumerable" => items.Where(static _ => true),
            _ => new List<T>(items),
        };
    }

    private static object MakePairs<TKey, TValue>(string kind)
        where TKey : notnull
    {
        Dictionary<TKey, TValue> pairs = [];
        for (int i = 0; i < 2; i++)
        {
            pairs[(TKey)Sample(typeof(TKey), i)] = (TValue)Sample(typeof(TValue), i);
        }

        return kind switch
        {
            "SortedDictionary" => new SortedDictionary<TKey, TValue>(pairs),
            "SortedList" => new SortedList<TKey, TValue>(pairs),
            "ConcurrentDictionary" => new ConcurrentDictionary<TKey, TValue>(pairs),
            "ImmutableDictionary" or "IImmutableDictionary" => pairs.ToImmutableDictionary(),
            "ImmutableSortedDictionary" => pairs.ToImmutableSortedDictionary(),
            "FrozenDictionary" => pairs.ToFrozenDictionary(),
            "PriorityQueue" => new PriorityQueue<TKey, TValue>(pairs.Select(pair => (pair.Key, pair.Value))),
            _ => pairs,
        };
    }
}
