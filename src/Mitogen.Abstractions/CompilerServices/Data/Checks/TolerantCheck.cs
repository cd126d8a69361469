namespace Mitogen.CompilerServices;

internal sealed class TolerantCheck(string type, Func<WireCheck?[]> members, bool isCircular) : WireCheck
{
    private const byte MaxMembers = 249;
    private const byte Reference = 250;

    // Every thread would make the same ones.
    private WireCheck?[]? _members;

    internal override IEnumerable<WireCheck> Parts => Made.OfType<WireCheck>();

    private WireCheck?[] Made => _members ??= members();

    internal override void Walk(ref WireCursor cursor)
    {
        byte count = cursor.TakeByte();
        if (count == ObjectCheck.Null)
        {
            return;
        }

        if (isCircular && count == Reference)
        {
            cursor.TakeVarInt();
            return;
        }

        if (count > MaxMembers)
        {
            ThrowInvalid($"A '{type}' says that it has {count} members, and no type has more than {MaxMembers}.");
        }

        Span<int> lengths = stackalloc int[count];
        foreach (ref int length in lengths)
        {
            long sent = cursor.TakeVarInt();
            if (sent < 0 || sent > cursor.Rest.Length)
            {
                ThrowInvalid($"A member of a '{type}' says that it takes {sent} bytes; {cursor.Rest.Length} are left.");
            }

            length = (int)sent;
        }

        if (isCircular)
        {
            cursor.TakeVarInt();
        }

        cursor.Enter(type);
        for (int i = 0; i < count; i++)
        {
            WalkMember(ref cursor, i < Made.Length ? Made[i] : null, lengths[i]);
        }

        cursor.Leave();
    }

    /// <summary>The library reads the members by their types, and skips by their lengths those that it does not know.</summary>
    private void WalkMember(ref WireCursor cursor, WireCheck? member, int length)
    {
        if (member is null || length == 0)
        {
            cursor.Take(length);
            return;
        }

        int before = cursor.Rest.Length;
        member.Walk(ref cursor);
        int taken = before - cursor.Rest.Length;
        if (taken != length)
        {
            ThrowInvalid($"A member of a '{type}' says that it takes {length} bytes, and takes {taken}.");
        }
    }
}
