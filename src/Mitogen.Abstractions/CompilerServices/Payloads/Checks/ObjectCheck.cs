namespace Mitogen.CompilerServices;

internal sealed class ObjectCheck(string type, Func<PayloadCheck[]> members) : PayloadCheck
{
    /// <summary>Stands for null, where the count of members or a union's tag would.</summary>
    internal const byte Null = 0xFF;

    // Every thread would make the same ones.
    private PayloadCheck[]? _members;

    internal override IEnumerable<PayloadCheck> Parts => Made;

    private PayloadCheck[] Made => _members ??= members();

    internal override void Walk(ref PayloadCursor cursor)
    {
        byte count = cursor.TakeByte();
        if (count == Null)
        {
            return;
        }

        Payload.CheckMemberCount(count, (byte)Made.Length, type);
        cursor.Enter(type);
        foreach (PayloadCheck member in Made.AsSpan(0, count))
        {
            member.Walk(ref cursor);
        }

        cursor.Leave();
    }
}
