namespace Mitogen.CompilerServices;

internal sealed class OptionalCheck(WireCheck value) : WireCheck
{
    internal override IEnumerable<WireCheck> Parts => [value];

    internal override void Walk(ref WireCursor cursor)
    {
        byte count = cursor.TakeByte();
        if (count == ObjectCheck.Null)
        {
            return;
        }

        if (count != 1)
        {
            ThrowInvalid($"{count} members were sent where one is expected.");
        }

        value.Walk(ref cursor);
    }
}
