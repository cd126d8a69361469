namespace Mitogen.Calls;

/// <summary>
/// Simple values with names, which stand beside an exception on the wire: a count byte, then for each its name, a kind byte and the value.
/// </summary>
internal static class ErrorValues
{
    private const int MaxEntries = 32;

    // Characters. A longer one is left out: a value that is cut is another value.
    private const int MaxName = 256;

    private enum Kind : byte
    {
        Text = 0,
        False = 1,
        True = 2,
        SByte = 3,
        Byte = 4,
        Int16 = 5,
        UInt16 = 6,
        Int32 = 7,
        UInt32 = 8,
        Int64 = 9,
        UInt64 = 10,
        Double = 11,
        Decimal = 12,
        DateTime = 13,
        DateTimeOffset = 14,
        TimeSpan = 15,
        Guid = 16,
    }

    /// <summary>Writes those that can be written.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="values">The values; others than simple ones are left out.</param>
    /// <param name="maxText">How many characters a text may have.</param>
    /// <param name="left">How many characters all names and texts may have from here on.</param>
    public static void Write(BinaryWriter writer, IEnumerable<KeyValuePair<string, object?>> values, int maxText, ref int left)
    {
        List<KeyValuePair<string, object>> taken = [];
        foreach ((string name, object? value) in values)
        {
            if (taken.Count < MaxEntries && name.Length <= MaxName && IsSimple(value) && ((value as string)?.Length ?? 0) is var length
                && length <= maxText && name.Length + length <= left)
            {
                left -= name.Length + length;
                taken.Add(new(name, value!));
            }
        }

        writer.Write((byte)taken.Count);
        foreach ((string name, object value) in taken)
        {
            writer.Write(name);
            WriteValue(writer, value);
        }
    }

    /// <exception cref="ProtocolBrokenException">A value breaks the rules.</exception>
    public static List<KeyValuePair<string, object>> Read(BinaryReader reader)
    {
        int count = reader.ReadByte();
        if (count > MaxEntries)
        {
            throw new ProtocolBrokenException($"An exception has {count} values.");
        }

        List<KeyValuePair<string, object>> values = [];
        for (int i = 0; i < count; i++)
        {
            values.Add(new(reader.ReadString(), ReadValue(reader)));
        }

        return values;
    }

    private static bool IsSimple(object? value) =>
        value is string or bool or sbyte or byte or short or ushort or int or uint or long or ulong
            or double or decimal or DateTime or DateTimeOffset or TimeSpan or Guid;

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                Kinded(Kind.Text).Write(text);
                break;
            case bool flag:
                Kinded(flag ? Kind.True : Kind.False);
                break;
            case sbyte number:
                Kinded(Kind.SByte).Write(number);
                break;
            case byte number:
                Kinded(Kind.Byte).Write(number);
                break;
            case short number:
                Kinded(Kind.Int16).Write(number);
                break;
            case ushort number:
                Kinded(Kind.UInt16).Write(number);
                break;
            case int number:
                Kinded(Kind.Int32).Write(number);
                break;
            case uint number:
                Kinded(Kind.UInt32).Write(number);
                break;
            case long number:
                Kinded(Kind.Int64).Write(number);
                break;
            case ulong number:
                Kinded(Kind.UInt64).Write(number);
                break;
            case double number:
                Kinded(Kind.Double).Write(number);
                break;
            case decimal number:
                Kinded(Kind.Decimal).Write(number);
                break;
            case DateTime time:
                Kinded(Kind.DateTime).Write((byte)time.Kind);
                writer.Write((time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks);
                break;
            case DateTimeOffset time:
                Kinded(Kind.DateTimeOffset).Write(time.Ticks);
                writer.Write((short)time.TotalOffsetMinutes);
                break;
            case TimeSpan time:
                Kinded(Kind.TimeSpan).Write(time.Ticks);
                break;
            default:
                Kinded(Kind.Guid).Write(((Guid)value).ToByteArray());
                break;
        }

        BinaryWriter Kinded(Kind kind)
        {
            writer.Write((byte)kind);
            return writer;
        }
    }

    // The constructors refuse what is out of range, and so does the library's ReadDecimal.
    private static object ReadValue(BinaryReader reader) => (Kind)reader.ReadByte() switch
    {
        Kind.Text => reader.ReadString(),
        Kind.False => false,
        Kind.True => true,
        Kind.SByte => reader.ReadSByte(),
        Kind.Byte => reader.ReadByte(),
        Kind.Int16 => reader.ReadInt16(),
        Kind.UInt16 => reader.ReadUInt16(),
        Kind.Int32 => reader.ReadInt32(),
        Kind.UInt32 => reader.ReadUInt32(),
        Kind.Int64 => reader.ReadInt64(),
        Kind.UInt64 => reader.ReadUInt64(),
        Kind.Double => reader.ReadDouble(),
        Kind.Decimal => reader.ReadDecimal(),
        Kind.DateTime => ReadDateTime(reader),
        Kind.DateTimeOffset => new DateTimeOffset(reader.ReadInt64(), TimeSpan.FromMinutes(reader.ReadInt16())),
        Kind.TimeSpan => new TimeSpan(reader.ReadInt64()),
        Kind.Guid => new Guid(reader.ReadBytes(16)),
        _ => throw new ProtocolBrokenException("A value of an exception is of an unknown kind."),
    };

    // A local time is the same instant in another time zone, and shows another clock.
    private static DateTime ReadDateTime(BinaryReader reader)
    {
        DateTimeKind kind = (DateTimeKind)reader.ReadByte();
        long ticks = reader.ReadInt64();
        return kind == DateTimeKind.Local ? new DateTime(ticks, DateTimeKind.Utc).ToLocalTime() : new DateTime(ticks, kind);
    }
}
