using System.Buffers;
using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>
/// Looks at the keys of a set or dictionary before it is made. Whoever sends them can choose many whose hash codes meet, and each would be
/// compared with all before it. For generated code and the runtime only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KeyCollisions
{
    // So few are quick to compare, whatever they are.
    private const int FewKeys = 256;

    // With hash codes as they come by chance it is less than one.
    private const int MaxStepsPerKey = FewKeys / 2;

    /// <summary>Throws if the items of a set are too many with hash codes that meet.</summary>
    /// <typeparam name="T">An item's type.</typeparam>
    /// <param name="items">The items.</param>
    /// <returns>The items.</returns>
    public static T[] OfItems<T>(T[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Length > FewKeys && IsChosen<T>())
        {
            Check(items, static item => item is null ? 0 : EqualityComparer<T>.Default.GetHashCode(item));
        }

        return items;
    }

    /// <summary>Throws if the keys of a dictionary are too many with hash codes that meet.</summary>
    /// <typeparam name="TKey">A key's type.</typeparam>
    /// <typeparam name="TValue">A value's type.</typeparam>
    /// <param name="items">The pairs.</param>
    /// <returns>The pairs.</returns>
    public static KeyValuePair<TKey, TValue>[] OfKeys<TKey, TValue>(KeyValuePair<TKey, TValue>[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Length > FewKeys && IsChosen<TKey>())
        {
            Check(items, static item => item.Key is null ? 0 : EqualityComparer<TKey>.Default.GetHashCode(item.Key));
        }

        return items;
    }

    // The hash codes of strings are other ones in each process.
    private static bool IsChosen<T>() => typeof(T) != typeof(string);

    private static void Check<T>(T[] items, Func<T, int> hash)
    {
        // As many buckets as the framework's own tables have for so many items.
        int buckets = new HashSet<byte>().EnsureCapacity(items.Length);
        int[] lengths = ArrayPool<int>.Shared.Rent(buckets);
        Array.Clear(lengths, 0, buckets);
        long steps = 0;
        foreach (T item in items)
        {
            steps += lengths[(int)((uint)hash(item) % (uint)buckets)]++;
        }

        ArrayPool<int>.Shared.Return(lengths);
        if (steps > (long)MaxStepsPerKey * items.Length)
        {
            WireData.ThrowInvalid(
                $"{items.Length} keys of a set or dictionary have hash codes that meet: making it would take {steps} comparisons. " +
                "Send them as a list, or use keys with better hash codes.");
        }
    }
}
