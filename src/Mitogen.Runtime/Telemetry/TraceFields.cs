using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Telemetry;

/// <summary>
/// The trace context of a call, as it stands before the arguments: the fields that the process's propagator writes, which are those of W3C
/// (<c>traceparent</c>, <c>tracestate</c>, <c>baggage</c>) unless the program chose another one. Little-endian:
/// <code>
/// u16  length   bytes that follow
///      fields, each: u8 length and name, u16 length and value, in UTF-8
/// </code>
/// </summary>
internal sealed class TraceFields
{
    /// <summary>The most bytes of all fields. The sender leaves out a field that goes beyond; W3C's bounds for the three are 9,271 together.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxFields = 16;
    private const string Baggage = "baggage";

    private readonly List<(string Name, string Value)> _fields = [];

    /// <summary>Writes the fields for a span.</summary>
    /// <param name="activity">The span that the call is a part of.</param>
    /// <param name="buffer">Where the arguments begin.</param>
    /// <returns>Whether there are any; if not, nothing is written.</returns>
    public static bool TryWrite(Activity activity, CallBuffer buffer)
    {
        int start = buffer.WrittenCount;
        Writer writer = new(buffer);
        DistributedContextPropagator.Current.Inject(activity, writer, static (writer, name, value) => ((Writer)writer!).Add(name, value));
        if (writer.Count > 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.Front(start + sizeof(ushort))[start..], (ushort)writer.Count);
        }

        return writer.Count > 0;
    }

    /// <summary>How many bytes the fields have that a message begins with.</summary>
    /// <exception cref="MemoryPackSerializationException">The message is shorter.</exception>
    public static int Measure(ReadOnlySpan<byte> message)
    {
        int size = message.Length < sizeof(ushort) ? int.MaxValue : sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(message);
        return size <= message.Length && size <= sizeof(ushort) + MaxBytes
            ? size
            : throw new MemoryPackSerializationException("The trace context of a call makes no sense.");
    }

    /// <summary>Reads the fields.</summary>
    /// <param name="bytes">As many as were measured.</param>
    /// <exception cref="MemoryPackSerializationException">They make no sense.</exception>
    public static TraceFields Read(ReadOnlySpan<byte> bytes)
    {
        TraceFields fields = new();
        bytes = bytes[sizeof(ushort)..];
        while (!bytes.IsEmpty && fields._fields.Count < MaxFields)
        {
            string name = ReadText(ref bytes, ReadByte(ref bytes));
            string value = ReadText(ref bytes, ReadByte(ref bytes) | (ReadByte(ref bytes) << 8));
            fields._fields.Add((name, value));
        }

        return fields;
    }

    /// <summary>The span that the call is a part of over there.</summary>
    /// <returns>False where the fields name none.</returns>
    public bool TryGetParent(out ActivityContext parent)
    {
        DistributedContextPropagator.Current.ExtractTraceIdAndState(this, Get, out string? id, out string? state);
        return ActivityContext.TryParse(id, state, isRemote: true, out parent);
    }

    /// <summary>Gives the baggage to a span.</summary>
    public void AddBaggageTo(Activity activity)
    {
        IEnumerable<KeyValuePair<string, string?>>? baggage = DistributedContextPropagator.Current.ExtractBaggage(this, Get);

        // A span puts each one before those that it has.
        foreach ((string name, string? value) in baggage?.Reverse() ?? [])
        {
            _ = activity.AddBaggage(name, value);
        }
    }

    /// <summary>Takes the baggage out: code of this context may act on it, and the caller is not to be trusted with that.</summary>
    public void DropBaggage() => _ = _fields.RemoveAll(static f => f.Name.Equals(Baggage, StringComparison.OrdinalIgnoreCase));

    private static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        value = ((TraceFields)carrier!)._fields.Find(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        values = null;
    }

    private static int ReadByte(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw new MemoryPackSerializationException("The trace context of a call is cut short.");
        }

        int first = bytes[0];
        bytes = bytes[1..];
        return first;
    }

    private static string ReadText(ref ReadOnlySpan<byte> bytes, int length)
    {
        if (length > bytes.Length)
        {
            throw new MemoryPackSerializationException("The trace context of a call is cut short.");
        }

        string text = Encoding.UTF8.GetString(bytes[..length]);
        bytes = bytes[length..];
        return text;
    }

    /// <summary>Leaves room for the length before the first field.</summary>
    private sealed class Writer(CallBuffer buffer)
    {
        public int Count { get; private set; }

        public void Add(string name, string value)
        {
            int nameLength = Encoding.UTF8.GetByteCount(name);
            int valueLength = Encoding.UTF8.GetByteCount(value);
            int size = 1 + nameLength + sizeof(ushort) + valueLength;
            if (nameLength > byte.MaxValue || valueLength > MaxBytes || Count + size > MaxBytes)
            {
                return;
            }

            if (Count == 0)
            {
                buffer.Write([0, 0]);
            }

            Span<byte> bytes = buffer.GetSpan(size);
            bytes[0] = (byte)nameLength;
            _ = Encoding.UTF8.GetBytes(name, bytes[1..]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(1 + nameLength)..], (ushort)valueLength);
            _ = Encoding.UTF8.GetBytes(value, bytes[(1 + nameLength + sizeof(ushort))..]);
            buffer.Advance(size);
            Count += size;
        }
    }
}
