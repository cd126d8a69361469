namespace Mitogen.CompilerServices;

internal sealed class RawCheck(RawLayout layout) : WireCheck
{
    internal override int MinSize => layout.Size;

    internal override void Walk(ref WireCursor cursor) => layout.Check(cursor.Take(layout.Size));

    /// <summary>As that many walks.</summary>
    internal void WalkAll(ref WireCursor cursor, int count)
    {
        // The count was checked against what is left, so the product is an int.
        ReadOnlySpan<byte> bytes = cursor.Take(count * layout.Size);
        for (int at = 0; !layout.IsAlwaysValid && at < bytes.Length; at += layout.Size)
        {
            layout.Check(bytes.Slice(at, layout.Size));
        }
    }
}
