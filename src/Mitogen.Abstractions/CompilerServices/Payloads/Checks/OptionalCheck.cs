namespace Mitogen.CompilerServices;

internal sealed class OptionalCheck(PayloadCheck value) : PayloadCheck
{
    internal override IEnumerable<PayloadCheck> Parts => [value];

    internal override void Walk(ref PayloadCursor cursor)
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
