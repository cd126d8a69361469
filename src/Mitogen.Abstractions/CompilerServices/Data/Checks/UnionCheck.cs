using System.Buffers.Binary;

namespace Mitogen.CompilerServices;

internal sealed class UnionCheck(string type, Func<(ushort Tag, WireCheck Case)[]> cases) : WireCheck
{
    private const byte WideTag = 250;

    // Every thread would make the same ones.
    private Dictionary<ushort, WireCheck>? _cases;

    internal override IEnumerable<WireCheck> Parts => Cases.Values;

    private Dictionary<ushort, WireCheck> Cases => _cases ??= cases().ToDictionary(static pair => pair.Tag, static pair => pair.Case);

    internal override void Walk(ref WireCursor cursor)
    {
        byte header = cursor.TakeByte();
        if (header > WideTag)
        {
            // As the library does, also for the values between that nobody writes.
            return;
        }

        ushort tag = header == WideTag ? BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(sizeof(ushort))) : header;
        if (!Cases.TryGetValue(tag, out WireCheck? found))
        {
            throw WireData.NoCase(tag, type);
        }

        found.Walk(ref cursor);
    }
}
