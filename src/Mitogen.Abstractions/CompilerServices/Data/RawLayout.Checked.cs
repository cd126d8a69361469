using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Mitogen.CompilerServices;

public abstract partial class RawLayout
{
    private const ulong TicksMask = 0x3FFF_FFFF_FFFF_FFFF;
    private const int MaxOffsetMinutes = 14 * 60;
    private const int DecimalSignAndScale = unchecked((int)0x80FF0000);
    private const int MaxDecimalScale = 28;

    private delegate void Checker(ReadOnlySpan<byte> value);

    /// <summary>The layout of <see cref="bool"/>.</summary>
    public static RawLayout ForBoolean { get; } = new CheckedLayout(sizeof(bool), static bytes => CheckFlag(bytes[0]));

    /// <summary>The layout of <see cref="decimal"/>.</summary>
    public static RawLayout ForDecimal { get; } = new CheckedLayout(sizeof(decimal), CheckDecimal);

    /// <summary>The layout of <see cref="DateTime"/>.</summary>
    public static RawLayout ForDateTime { get; } = new DateTimeLayout();

    /// <summary>The layout of <see cref="DateTimeOffset"/>.</summary>
    public static RawLayout ForDateTimeOffset { get; } = new DateTimeOffsetLayout();

    /// <summary>The layout of <see cref="DateOnly"/>.</summary>
    public static RawLayout ForDateOnly { get; } = new CheckedLayout(sizeof(int), CheckDayNumber);

    /// <summary>The layout of <see cref="TimeOnly"/>.</summary>
    public static RawLayout ForTimeOnly { get; } = new CheckedLayout(sizeof(ulong), CheckTimeOfDay);

    /// <summary>The layout of <see cref="Rune"/>.</summary>
    public static RawLayout ForRune { get; } = new CheckedLayout(sizeof(uint), CheckRune);

    private static void CheckFlag(byte value)
    {
        if (value > 1)
        {
            WireData.ThrowInvalid($"A boolean is 0 or 1, not {value}.");
        }
    }

    private static void CheckDecimal(ReadOnlySpan<byte> bytes)
    {
        int flags = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if ((flags & ~DecimalSignAndScale) != 0 || ((flags >> 16) & 0xFF) > MaxDecimalScale)
        {
            WireData.ThrowInvalid($"A decimal has the flags 0x{flags:X8}, which no decimal has.");
        }
    }

    private static void CheckTicks(ReadOnlySpan<byte> bytes, ulong mask)
    {
        ulong ticks = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & mask;
        if (ticks > (ulong)DateTime.MaxValue.Ticks)
        {
            WireData.ThrowInvalid($"A date of {ticks} ticks is past the last one.");
        }
    }

    private static void CheckDayNumber(ReadOnlySpan<byte> bytes)
    {
        uint day = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (day > (uint)DateOnly.MaxValue.DayNumber)
        {
            WireData.ThrowInvalid($"A date with the day number {day} is past the last one.");
        }
    }

    private static void CheckTimeOfDay(ReadOnlySpan<byte> bytes)
    {
        ulong ticks = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (ticks > (ulong)TimeOnly.MaxValue.Ticks)
        {
            WireData.ThrowInvalid($"A time of day of {ticks} ticks is past the end of the day.");
        }
    }

    private static void CheckRune(ReadOnlySpan<byte> bytes)
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (!Rune.IsValid(value))
        {
            WireData.ThrowInvalid($"0x{value:X} is not a Unicode scalar value.");
        }
    }

    private class CheckedLayout(int size, Checker check) : RawLayout(size)
    {
        internal override void ClearPadding(Span<byte> value)
        {
        }

        internal override void Check(ReadOnlySpan<byte> value) => check(value);

        internal override void Cover(Span<bool> covered) => covered.Fill(true);
    }

    /// <summary>A local date is another instant in another time zone, so that what travels is <see cref="DateTime.ToBinary"/>.</summary>
    private sealed class DateTimeLayout() : CheckedLayout(sizeof(long), static bytes => CheckTicks(bytes, TicksMask))
    {
        internal override bool IsTranslated => true;

        internal override void ToWire(Span<byte> value)
        {
            if (IsLocal(value))
            {
                BinaryPrimitives.WriteInt64LittleEndian(value, MemoryMarshal.Read<DateTime>(value).ToBinary());
            }
        }

        internal override void FromWire(Span<byte> value)
        {
            if (!IsLocal(value))
            {
                return;
            }

            try
            {
                MemoryMarshal.Write(value, DateTime.FromBinary(BinaryPrimitives.ReadInt64LittleEndian(value)));
            }
            catch (ArgumentException)
            {
                WireData.ThrowInvalid("A local date is past the last one.");
            }
        }

        // Both kinds that are local have the highest bit.
        private static bool IsLocal(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value) < 0;
    }

    /// <summary>The offset in minutes, four bytes of padding, and the date in UTC.</summary>
    private sealed class DateTimeOffsetLayout() : RawLayout(2 * sizeof(ulong))
    {
        internal override void ClearPadding(Span<byte> value) => value[sizeof(int)..sizeof(ulong)].Clear();

        internal override void Check(ReadOnlySpan<byte> value)
        {
            int minutes = BinaryPrimitives.ReadInt32LittleEndian(value);
            if (minutes is < -MaxOffsetMinutes or > MaxOffsetMinutes)
            {
                WireData.ThrowInvalid($"A date's offset of {minutes} minutes is more than 14 hours.");
            }

            // The date's kind is always unspecified, so its two bits are zero.
            CheckTicks(value[sizeof(ulong)..], ulong.MaxValue);
            long local = BinaryPrimitives.ReadInt64LittleEndian(value[sizeof(ulong)..]) + (minutes * TimeSpan.TicksPerMinute);
            if (local < 0 || local > DateTime.MaxValue.Ticks)
            {
                WireData.ThrowInvalid($"A date's offset of {minutes} minutes leads out of the calendar.");
            }
        }

        internal override void Cover(Span<bool> covered)
        {
            covered[..sizeof(int)].Fill(true);
            covered[sizeof(ulong)..].Fill(true);
        }
    }
}
