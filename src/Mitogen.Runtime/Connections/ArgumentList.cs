using System.Collections;
using System.Collections.Immutable;

namespace Mitogen.Connections;

/// <summary>Command line arguments as a record's state: a copy that nobody changes, compared and printed by its elements.</summary>
internal sealed class ArgumentList : IReadOnlyList<string>, IEquatable<ArgumentList>
{
    private readonly ImmutableArray<string> _items;

    private ArgumentList(ImmutableArray<string> items) => _items = items;

    public static ArgumentList None { get; } = new([]);

    public int Count => _items.Length;

    public string this[int index] => _items[index];

    /// <exception cref="ArgumentException">One of them is null.</exception>
    public static ArgumentList Copy(IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items as ArgumentList ?? (items.Any(static item => item is null)
            ? throw new ArgumentException("An argument of a command line cannot be null.", nameof(items))
            : new ArgumentList([.. items]));
    }

    public bool Equals(ArgumentList? other) => other is not null && _items.AsSpan().SequenceEqual(other._items.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ArgumentList);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (string item in _items)
        {
            hash.Add(item, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
