namespace Mitogen.CompilerServices;

internal sealed class CollectionCheck(string type, Func<WireCheck> element) : WireCheck
{
    // Every thread would make the same one.
    private SequenceCheck? _elements;

    internal override int MinSize => sizeof(int);

    internal override IEnumerable<WireCheck> Parts => [Elements];

    private SequenceCheck Elements => _elements ??= new SequenceCheck(element());

    internal override void Walk(ref WireCursor cursor)
    {
        cursor.Enter(type);
        Elements.Walk(ref cursor);
        cursor.Leave();
    }
}
