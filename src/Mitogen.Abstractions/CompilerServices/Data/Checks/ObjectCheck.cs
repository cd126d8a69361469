namespace Mitogen.CompilerServices;

internal sealed class ObjectCheck(string type, Func<WireCheck[]> members) : WireCheck
{
    /// <summary>Stands for null, where the count of members or a union's tag would.</summary>
    internal const byte Null = 0xFF;

    // Every thread would make the same ones.
    private WireCheck[]? _members;

    internal override IEnumerable<WireCheck> Parts => Made;

    private WireCheck[] Made => _members ??= members();

    internal override void Walk(ref WireCursor cursor)
    {
        byte count = cursor.TakeByte();
        if (count == Null)
        {
            return;
        }

        WireData.CheckMemberCount(count, (byte)Made.Length, type);
        cursor.Enter(type);
        foreach (WireCheck member in Made.AsSpan(0, count))
        {
            member.Walk(ref cursor);
        }

        cursor.Leave();
    }
}
