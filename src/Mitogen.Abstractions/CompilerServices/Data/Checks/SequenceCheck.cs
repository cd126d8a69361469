namespace Mitogen.CompilerServices;

internal sealed class SequenceCheck(WireCheck element) : WireCheck
{
    internal override int MinSize => sizeof(int);

    internal override IEnumerable<WireCheck> Parts => [element];

    internal override void Walk(ref WireCursor cursor)
    {
        if (cursor.TryTakeCount(element.MinSize, out int count))
        {
            WalkAll(ref cursor, element, count);
        }
    }

    internal static void WalkAll(ref WireCursor cursor, WireCheck element, int count)
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
