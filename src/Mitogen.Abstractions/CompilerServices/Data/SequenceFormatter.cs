using System.ComponentModel;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Shows a collection's elements in the order in which they are written. For generated code and the runtime only.</summary>
/// <typeparam name="TCollection">The collection's type.</typeparam>
/// <typeparam name="T">The element's type.</typeparam>
/// <param name="collection">The collection.</param>
/// <returns>The elements.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate ReadOnlySpan<T> SequenceView<TCollection, T>(TCollection collection);

/// <summary>Formats every kind of collection: a count, and the elements. For generated code and the runtime only.</summary>
/// <typeparam name="TCollection">The collection's type.</typeparam>
/// <typeparam name="T">The element's type.</typeparam>
/// <param name="element">Formats an element; <see langword="null"/> if every byte pattern is one.</param>
/// <param name="view">Shows the elements.</param>
/// <param name="create">Makes the collection; it may keep the array.</param>
/// <param name="isNull">Whether a collection that is a struct stands for null.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SequenceFormatter<TCollection, T>(
    MemoryPackFormatter<T>? element,
    SequenceView<TCollection, T> view,
    Func<T[], TCollection> create,
    Predicate<TCollection>? isNull = null)
    : MemoryPackFormatter<TCollection>
{
    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TCollection? value)
    {
        if (value is null || (isNull is not null && isNull(value)))
        {
            writer.WriteNullCollectionHeader();
            return;
        }

        ReadOnlySpan<T> items = view(value);
        writer.WriteCollectionHeader(items.Length);
        ElementFormatter.Write(ref writer, element, items);
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref TCollection? value)
    {
        int count = reader.ReadUnmanaged<int>();
        if (count == MemoryPackCode.NullCollection)
        {
            value = default;
            return;
        }

        ElementFormatter.CheckCount(ref reader, element, count);
        T[] items = count == 0 ? [] : new T[count];
        ElementFormatter.Read(ref reader, element, items);
        value = create(items);
    }
}

/// <summary>Views of collections. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SequenceViews
{
    /// <summary>Shows what an enumeration yields.</summary>
    /// <typeparam name="T">The element's type.</typeparam>
    /// <param name="items">The enumeration.</param>
    /// <returns>The elements.</returns>
    public static ReadOnlySpan<T> Of<T>(IEnumerable<T> items) => items switch
    {
        T[] array => array,
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => items.ToArray(),
    };

    /// <summary>Shows what an enumeration yields, last first.</summary>
    /// <typeparam name="T">The element's type.</typeparam>
    /// <param name="items">The enumeration.</param>
    /// <returns>The elements.</returns>
    public static ReadOnlySpan<T> Reversed<T>(IEnumerable<T> items)
    {
        T[] reversed = [.. items];
        Array.Reverse(reversed);
        return reversed;
    }
}
