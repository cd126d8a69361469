using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Formats an array of several dimensions. For generated code and the runtime only.</summary>
/// <typeparam name="TArray">The array's type.</typeparam>
/// <typeparam name="T">The element's type.</typeparam>
/// <param name="element">Formats an element; <see langword="null"/> if every byte pattern is one.</param>
/// <param name="rank">The number of dimensions.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MultiArrayFormatter<TArray, T>(MemoryPackFormatter<T>? element, int rank) : MemoryPackFormatter<TArray>
    where TArray : class
{
    /// <inheritdoc/>
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref TArray? value)
    {
        if (value is null)
        {
            writer.WriteNullObjectHeader();
            return;
        }

        Array array = (Array)(object)value;
        writer.WriteObjectHeader((byte)(rank + 1));
        for (int i = 0; i < rank; i++)
        {
            writer.WriteUnmanaged(array.GetLength(i));
        }

        writer.WriteCollectionHeader(array.Length);
        ElementFormatter.Write(ref writer, element, (ReadOnlySpan<T>)ItemsOf(array));
    }

    /// <inheritdoc/>
    public override void Deserialize(ref MemoryPackReader reader, scoped ref TArray? value)
    {
        if (!reader.TryReadObjectHeader(out byte count))
        {
            value = null;
            return;
        }

        if (count != rank + 1)
        {
            WireData.ThrowInvalid($"An array of {count - 1} dimensions was sent where one of {rank} is expected.");
        }

        int[] lengths = new int[rank];
        Int128 product = 1;
        for (int i = 0; i < rank; i++)
        {
            lengths[i] = reader.ReadUnmanaged<int>();
            product *= lengths[i];
        }

        int total = reader.ReadUnmanaged<int>();
        ElementFormatter.CheckCount(ref reader, element, total);
        if (product != total || lengths.Any(static length => length < 0))
        {
            WireData.ThrowInvalid($"An array says that it has {total} elements, and its dimensions are {string.Join(" x ", lengths)}.");
        }

        Array array = Array.CreateInstanceFromArrayType(typeof(TArray), lengths);
        ElementFormatter.Read(ref reader, element, ItemsOf(array));
        value = (TArray)(object)array;
    }

    private static Span<T> ItemsOf(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
