namespace Mitogen.CompilerServices;

internal sealed class SequenceCheck(PayloadCheck element) : PayloadCheck
{
    internal override int MinSize => sizeof(int);

    internal override IEnumerable<PayloadCheck> Parts => [element];

    internal override void Walk(ref PayloadCursor cursor)
    {
        if (cursor.TryTakeCount(element.MinSize, out int count))
        {
            WalkAll(ref cursor, element, count);
        }
    }

    internal static void WalkAll(ref PayloadCursor cursor, PayloadCheck element, int count)
    {
        if (element is RawCheck raw)
        {
            raw.WalkAll(ref cursor, count);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            element.Walk(ref cursor);
        }
    }
}
