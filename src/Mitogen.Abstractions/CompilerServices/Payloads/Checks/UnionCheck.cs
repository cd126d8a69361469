using System.Buffers.Binary;

namespace Mitogen.CompilerServices;

internal sealed class UnionCheck(string type, Func<(ushort Tag, PayloadCheck Case)[]> cases) : PayloadCheck
{
    private const byte WideTag = 250;

    // Every thread would make the same ones.
    private Dictionary<ushort, PayloadCheck>? _cases;

    internal override IEnumerable<PayloadCheck> Parts => Cases.Values;

    private Dictionary<ushort, PayloadCheck> Cases => _cases ??= cases().ToDictionary(static pair => pair.Tag, static pair => pair.Case);

    internal override void Walk(ref PayloadCursor cursor)
    {
        byte header = cursor.TakeByte();
        if (header > WideTag)
        {
            // As the library does, also for the values between that nobody writes.
            return;
        }

        ushort tag = header == WideTag ? BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(sizeof(ushort))) : header;
        if (!Cases.TryGetValue(tag, out PayloadCheck? found))
        {
            throw Payload.NoCase(tag, type);
        }

        found.Walk(ref cursor);
    }
}
