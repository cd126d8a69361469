using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using MemoryPack;

namespace Mitogen.CompilerServices;

/// <summary>Reads values that not every byte pattern is one of. For generated code and the runtime only.</summary>
/// <remarks>
/// The bytes may come from a less trusted context: a bad one ends in <see cref="MemoryPackSerializationException"/>, never in an
/// impossible value.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WireData
{
    /// <summary>Writes a value by its formatter.</summary>
    /// <typeparam name="TBufferWriter">The writer's buffer.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="formatter">The formatter.</param>
    /// <param name="value">The value.</param>
    public static void Write<TBufferWriter, T>(ref MemoryPackWriter<TBufferWriter> writer, MemoryPackFormatter<T> formatter, T? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        ArgumentNullException.ThrowIfNull(formatter);
        formatter.Serialize(ref writer, ref value);
    }

    /// <summary>Reads a value by its formatter.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="reader">The reader.</param>
    /// <param name="formatter">The formatter.</param>
    /// <returns>The value.</returns>
    public static T Read<T>(ref MemoryPackReader reader, MemoryPackFormatter<T> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        T? value = default;
        formatter.Deserialize(ref reader, ref value);

        // Whether null may stand here is the contract's annotation, which the compiler checks at the sender.
        return value!;
    }

    /// <summary>Reads a value that its layout checks.</summary>
    /// <typeparam name="T">The value's type; it holds no references.</typeparam>
    /// <param name="reader">The reader.</param>
    /// <param name="layout">The layout of <typeparamref name="T"/>.</param>
    /// <returns>The value.</returns>
    public static T ReadRaw<T>(ref MemoryPackReader reader, RawLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int size = Unsafe.SizeOf<T>();
        T value = Unsafe.ReadUnaligned<T>(ref reader.GetSpanReference(size));
        reader.Advance(size);
        Span<byte> bytes = RawLayout.BytesOf(ref value);
        layout.ClearPadding(bytes);
        layout.FromWire(bytes);
        layout.Check(bytes);
        return value;
    }

    /// <summary>Writes a value's memory, with zeros where its layout has padding.</summary>
    /// <typeparam name="TBufferWriter">The writer's buffer.</typeparam>
    /// <typeparam name="T">The value's type; it holds no references.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="layout">The layout of <typeparamref name="T"/>.</param>
    /// <param name="value">The value.</param>
    public static void WriteRaw<TBufferWriter, T>(ref MemoryPackWriter<TBufferWriter> writer, RawLayout layout, T value)
        where TBufferWriter : IBufferWriter<byte>
    {
        ArgumentNullException.ThrowIfNull(layout);
        int size = Unsafe.SizeOf<T>();
        Span<byte> bytes = RawLayout.BytesOf(ref value);
        layout.ClearPadding(bytes);
        layout.ToWire(bytes);
        ref byte destination = ref writer.GetSpanReference(size);

        // Bytes, not Unsafe.WriteUnaligned<T>: a struct copy may leave out the padding, and what the buffer held before would be sent.
        Unsafe.CopyBlockUnaligned(ref destination, ref Unsafe.As<T, byte>(ref value), (uint)size);
        writer.Advance(size);
    }

    /// <summary>Reads a <see cref="bool"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static bool ReadBoolean(ref MemoryPackReader reader) => ReadRaw<bool>(ref reader, RawLayout.ForBoolean);

    /// <summary>Reads a <see cref="decimal"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static decimal ReadDecimal(ref MemoryPackReader reader) => ReadRaw<decimal>(ref reader, RawLayout.ForDecimal);

    /// <summary>Reads a <see cref="DateOnly"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static DateOnly ReadDateOnly(ref MemoryPackReader reader) => ReadRaw<DateOnly>(ref reader, RawLayout.ForDateOnly);

    /// <summary>Reads a <see cref="TimeOnly"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static TimeOnly ReadTimeOnly(ref MemoryPackReader reader) => ReadRaw<TimeOnly>(ref reader, RawLayout.ForTimeOnly);

    /// <summary>Reads a <see cref="Rune"/>.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static Rune ReadRune(ref MemoryPackReader reader) => ReadRaw<Rune>(ref reader, RawLayout.ForRune);

    /// <summary>Writes a string.</summary>
    /// <typeparam name="TBufferWriter">The writer's buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value.</param>
    public static void WriteString<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, string? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        try
        {
            writer.WriteString(value);
        }
        catch (MemoryPackSerializationException) when (value is not null && HalfPairs.Find(value) >= 0)
        {
            HalfPairs.Throw(value);
        }
    }

    /// <summary>Reads a string.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static string ReadString(ref MemoryPackReader reader)
    {
        int length = Unsafe.ReadUnaligned<int>(ref reader.GetSpanReference(sizeof(int)));
        int characters = length < -1
            ? Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref reader.GetSpanReference(2 * sizeof(int)), sizeof(int)))
            : 0;
        _ = TextHeader.SizeOf(length, characters, reader.Remaining);
        return reader.ReadString()!;
    }

    /// <summary>Throws if an object has more members than its type here.</summary>
    /// <param name="count">How many members were sent.</param>
    /// <param name="declared">How many members the type has.</param>
    /// <param name="type">The type's name.</param>
    public static void CheckMemberCount(byte count, byte declared, string type)
    {
        if (count > declared)
        {
            ThrowInvalid($"'{type}' has {declared} members here, and {count} were sent: the sender has another version of it.");
        }
    }

    /// <summary>Throws if a class derived from the declared one is about to be written: what it adds would be lost.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">The declared class.</param>
    public static void CheckExactType(object value, Type declared)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.GetType() != declared)
        {
            ThrowInvalid(
                $"A '{value.GetType()}' cannot be sent as a '{declared}': what it adds would be lost. " +
                "Make the base class abstract with [MemoryPackable] and a [MemoryPackUnion] per derived class.");
        }
    }

    /// <summary>The exception if a value is of none of the types that its declared type is known to stand for.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">The declared type.</param>
    /// <returns>The exception.</returns>
    public static MemoryPackSerializationException NoCase(object value, Type declared)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new MemoryPackSerializationException(
            $"A '{value.GetType()}' cannot be sent as a '{declared}': it was not derived from it in the same assembly, as the others were.");
    }

    /// <summary>The exception if a tag stands for none of the types that a declared type is known to stand for.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="type">The declared type's name.</param>
    /// <returns>The exception.</returns>
    public static MemoryPackSerializationException NoCase(ushort tag, string type) => new($"No type of '{type}' has the tag {tag}.");

    /// <summary>Throws <see cref="MemoryPackSerializationException"/>.</summary>
    /// <param name="message">The message.</param>
    [DoesNotReturn]
    internal static void ThrowInvalid(string message) => throw new MemoryPackSerializationException(message);
}
