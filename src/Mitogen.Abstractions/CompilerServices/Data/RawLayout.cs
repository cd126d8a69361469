using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mitogen.CompilerServices;

/// <summary>
/// The memory layout of a type without references, which travels as it lies: where its padding is, and which byte patterns
/// are values of it. For generated code and the runtime only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract partial class RawLayout
{
    private protected RawLayout(int size) => Size = size;

    internal int Size { get; }

    /// <summary>Writes zeros over the padding, and over the value of a nullable that is absent.</summary>
    internal abstract void ClearPadding(Span<byte> value);

    /// <summary>Whether every byte pattern is a value, so that there is nothing to check.</summary>
    internal virtual bool IsAlwaysValid => false;

    /// <summary>Throws unless the bytes are a value, and the bytes of an absent nullable are one too.</summary>
    internal abstract void Check(ReadOnlySpan<byte> value);

    /// <summary>Whether the bytes that travel are others than those in memory, because of what those mean in this process alone.</summary>
    internal virtual bool IsTranslated => false;

    /// <summary>Turns a value's memory into what travels.</summary>
    internal virtual void ToWire(Span<byte> value)
    {
    }

    /// <summary>Turns what travelled into a value's memory, which <see cref="Check"/> has still to look at.</summary>
    internal virtual void FromWire(Span<byte> value)
    {
    }

    /// <summary>Marks the bytes that hold a value.</summary>
    internal abstract void Cover(Span<bool> covered);

    internal static Span<byte> BytesOf<T>(ref T value) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>());

    /// <summary>A type of which every byte pattern is a value, without padding.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The layout.</returns>
    public static RawLayout Plain<T>() => new PlainLayout(Unsafe.SizeOf<T>());

    /// <summary>A nullable type.</summary>
    /// <typeparam name="T">The type that may be absent.</typeparam>
    /// <param name="value">Its layout.</param>
    /// <returns>The layout.</returns>
    public static RawLayout Nullable<T>(RawLayout value)
        where T : struct
        => new NullableLayout(Unsafe.SizeOf<T?>() - Unsafe.SizeOf<T>(), value);

    /// <summary>A struct, by its fields.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="fields">Each field's offset and layout.</param>
    /// <returns>The layout.</returns>
    public static RawLayout Struct<T>(params ReadOnlySpan<(nint Offset, RawLayout Layout)> fields) =>
        new StructLayout(Unsafe.SizeOf<T>(), fields);

    /// <summary>A pair.</summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <typeparam name="TValue">The value's type.</typeparam>
    /// <param name="key">The key's layout.</param>
    /// <param name="value">The value's layout.</param>
    /// <returns>The layout.</returns>
    public static RawLayout Pair<TKey, TValue>(RawLayout key, RawLayout value)
    {
        KeyValuePair<TKey, TValue> pair = default;
        return Struct<KeyValuePair<TKey, TValue>>(
            (Offset(ref pair, ref PairFields<TKey, TValue>.Key(ref pair)), key),
            (Offset(ref pair, ref PairFields<TKey, TValue>.Value(ref pair)), value));
    }

    /// <summary>Where a field lies in a struct.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <typeparam name="TField">The field's type.</typeparam>
    /// <param name="value">The struct.</param>
    /// <param name="field">The field in it.</param>
    /// <returns>The offset in bytes.</returns>
    public static nint Offset<T, TField>(ref readonly T value, ref readonly TField field) =>
        Unsafe.ByteOffset(
            ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)),
            ref Unsafe.As<TField, byte>(ref Unsafe.AsRef(in field)));

    private sealed class PlainLayout(int size) : RawLayout(size)
    {
        internal override bool IsAlwaysValid => true;

        internal override void ClearPadding(Span<byte> value)
        {
        }

        internal override void Check(ReadOnlySpan<byte> value)
        {
        }

        internal override void Cover(Span<bool> covered) => covered.Fill(true);
    }

    private sealed class NullableLayout(int offset, RawLayout value) : RawLayout(offset + value.Size)
    {
        internal override void ClearPadding(Span<byte> bytes)
        {
            bytes[1..offset].Clear();
            if (bytes[0] == 0)
            {
                bytes[offset..].Clear();
            }
            else
            {
                value.ClearPadding(bytes[offset..]);
            }
        }

        internal override bool IsTranslated => value.IsTranslated;

        internal override void ToWire(Span<byte> bytes)
        {
            if (bytes[0] != 0)
            {
                value.ToWire(bytes[offset..]);
            }
        }

        internal override void FromWire(Span<byte> bytes)
        {
            if (bytes[0] != 0)
            {
                value.FromWire(bytes[offset..]);
            }
        }

        internal override void Check(ReadOnlySpan<byte> bytes)
        {
            CheckFlag(bytes[0]);

            // GetValueOrDefault() hands the value out even where there is none.
            value.Check(bytes[offset..]);
        }

        internal override void Cover(Span<bool> covered)
        {
            covered[0] = true;
            value.Cover(covered[offset..]);
        }
    }

    private sealed class StructLayout : RawLayout
    {
        private readonly (int Offset, RawLayout Layout)[] _fields;
        private readonly (int Offset, RawLayout Layout)[] _translated;
        private readonly int[] _padding;

        internal StructLayout(int size, ReadOnlySpan<(nint Offset, RawLayout Layout)> fields)
            : base(size)
        {
            _fields = new (int, RawLayout)[fields.Length];
            bool[] covered = new bool[size];
            for (int i = 0; i < fields.Length; i++)
            {
                _fields[i] = ((int)fields[i].Offset, fields[i].Layout);
                fields[i].Layout.Cover(covered.AsSpan((int)fields[i].Offset, fields[i].Layout.Size));
            }

            _translated = [.. _fields.Where(static field => field.Layout.IsTranslated)];
            _padding = [.. Enumerable.Range(0, size).Where(index => !covered[index])];
        }

        internal override void ClearPadding(Span<byte> value)
        {
            foreach (int index in _padding)
            {
                value[index] = 0;
            }

            foreach ((int offset, RawLayout layout) in _fields)
            {
                // An absent nullable's value is covered, yet it may hold what its memory held before.
                layout.ClearPadding(value.Slice(offset, layout.Size));
            }
        }

        internal override bool IsTranslated => _translated.Length > 0;

        internal override void ToWire(Span<byte> value)
        {
            foreach ((int offset, RawLayout layout) in _translated)
            {
                layout.ToWire(value.Slice(offset, layout.Size));
            }
        }

        internal override void FromWire(Span<byte> value)
        {
            foreach ((int offset, RawLayout layout) in _translated)
            {
                layout.FromWire(value.Slice(offset, layout.Size));
            }
        }

        internal override void Check(ReadOnlySpan<byte> value)
        {
            foreach ((int offset, RawLayout layout) in _fields)
            {
                layout.Check(value.Slice(offset, layout.Size));
            }
        }

        internal override void Cover(Span<bool> covered)
        {
            foreach ((int offset, RawLayout layout) in _fields)
            {
                layout.Cover(covered.Slice(offset, layout.Size));
            }
        }
    }

    private static class PairFields<TKey, TValue>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "key")]
        internal static extern ref TKey Key(ref KeyValuePair<TKey, TValue> pair);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "value")]
        internal static extern ref TValue Value(ref KeyValuePair<TKey, TValue> pair);
    }
}
