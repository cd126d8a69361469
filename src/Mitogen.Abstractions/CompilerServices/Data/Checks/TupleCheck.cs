namespace Mitogen.CompilerServices;

internal sealed class TupleCheck(WireCheck[] parts) : WireCheck
{
    internal override int MinSize { get; } = parts.Sum(static part => part.MinSize);

    internal override IEnumerable<WireCheck> Parts => parts;

    internal override void Walk(ref WireCursor cursor)
    {
        foreach (WireCheck part in parts)
        {
            part.Walk(ref cursor);
        }
    }
}
