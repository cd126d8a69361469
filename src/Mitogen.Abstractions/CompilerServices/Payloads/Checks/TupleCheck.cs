namespace Mitogen.CompilerServices;

internal sealed class TupleCheck(PayloadCheck[] parts) : PayloadCheck
{
    internal override int MinSize { get; } = parts.Sum(static part => part.MinSize);

    internal override IEnumerable<PayloadCheck> Parts => parts;

    internal override void Walk(ref PayloadCursor cursor)
    {
        foreach (PayloadCheck part in parts)
        {
            part.Walk(ref cursor);
        }
    }
}
