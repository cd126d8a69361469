using System.Collections;

namespace Mitogen.Calls;

/// <summary>
/// The entries of <see cref="Exception.Data"/> that cross: those with a text as key and a simple value. A count byte, then for
/// each its key, a kind byte and the value.
/// </summary>
internal static class ErrorData
{
    /// <summary>Characters of all keys and texts of one exception and those inside it.</summary>
    public const int MaxTexts = 32 * 1024;

    private const int MaxEntries = 32;

    // Characters. What is longer is left out: a value that is cut is another value.
    private const int MaxKey = 256;
    private const int MaxValue = 1024;

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

    public static void Write(BinaryWriter writer, Exception error, ref int left)
    {
        List<(string Key, object Value)> entries = [];
        foreach (DictionaryEntry entry in error.Data)
        {
            if (entries.Count < MaxEntries && entry.Key is string { Length: <= MaxKey } key && entry.Value is { } value && IsSimple(value)
                && key.Length + ((value as string)?.Length ?? 0) is var length && length <= left)
            {
                left -= length;
                entries.Add((key, value));
            }
        }

        writer.Write((byte)entries.Count);
        foreach ((string key, object value) in entries)
        {
            writer.Write(key);
            WriteValue(writer, value);
        }
    }

    /// <exception cref="ProtocolViolationException">An entry breaks the rules.</exception>
    public static void Read(BinaryReader reader, Exception error)
    {
        int count = reader.ReadByte();
        if (count > MaxEntries)
        {
            throw new ProtocolViolationException($"An exception has {count} entries.");
        }

        for (int i = 0; i < count; i++)
        {
            error.Data[reader.ReadString()] = ReadValue(reader);
        }
    }

    /// <summary>Gives an exception what another one carries.</summary>
    public static void Copy(Exception from, Exception to)
    {
        if (from != to)
        {
            foreach (DictionaryEntry entry in from.Data)
            {
                to.Data[entry.Key] = entry.Value;
            }
        }
    }

    private static bool IsSimple(object value) =>
        value is string { Length: <= MaxValue } or bool or sbyte or byte or short or ushort or int or uint or long or ulong
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
                // Of a local one the instant, which is another time of day in another time zone.
                Kinded(Kind.DateTime).Write(time.ToBinary());
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
        Kind.DateTime => DateTime.FromBinary(reader.ReadInt64()),
        Kind.DateTimeOffset => new DateTimeOffset(reader.ReadInt64(), TimeSpan.FromMinutes(reader.ReadInt16())),
        Kind.TimeSpan => new TimeSpan(reader.ReadInt64()),
        Kind.Guid => new Guid(reader.ReadBytes(16)),
        _ => throw new ProtocolViolationException("An entry of an exception is of an unknown kind."),
    };
}
