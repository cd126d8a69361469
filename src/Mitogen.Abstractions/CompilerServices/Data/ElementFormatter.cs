using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Writes and reads a collection's elements: by a formatter, or in bulk where every byte pattern is a value.</summary>
internal static class ElementFormatter
{
    public static void Write<TBufferWriter, T>(
        ref MemoryPackWriter<TBufferWriter> writer, MemoryPackFormatter<T>? element, ReadOnlySpan<T> items)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (element is null)
        {
            // Not by the writer's own method for this: that one asks the serializer's registry where it cannot do so in bulk, and a native
            // program would have to contain the registry and all that it knows.
            if (items.Length != 0)
            {
                int size = checked(items.Length * Unsafe.SizeOf<T>());
                ref byte target = ref writer.GetSpanReference(size);
                Unsafe.CopyBlockUnaligned(ref target, ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), (uint)size);
                writer.Advance(size);
            }

            return;
        }

        foreach (ref readonly T item in items)
        {
            T? value = item;
            element.Serialize(ref writer, ref value);
        }
    }

    public static void Read<T>(ref MemoryPackReader reader, MemoryPackFormatter<T>? element, Span<T> items)
    {
        if (element is null)
        {
            // The count was checked against the bytes that are left, so this size is an int.
            int size = items.Length * Unsafe.SizeOf<T>();
            ref byte source = ref reader.GetSpanReference(size);
            Unsafe.CopyBlockUnaligned(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), ref source, (uint)size);
            reader.Advance(size);
            return;
        }

        for (int i = 0; i < items.Length; i++)
        {
            element.Deserialize(ref reader, ref items[i]!);
        }
    }

    /// <summary>Throws unless that many elements can follow, so that no more is allocated than was sent.</summary>
    public static void CheckCount<T>(ref readonly MemoryPackReader reader, MemoryPackFormatter<T>? element, long count)
    {
        // An element by a formatter has one byte at least.
        long size = element is null or RawFormatter<T> ? Unsafe.SizeOf<T>() : 1;
        if (count < 0 || count > reader.Remaining / size)
        {
            WireData.ThrowInvalid($"A collection says that it has {count} elements; {reader.Remaining} bytes are left.");
        }
    }
}
