namespace Mitogen.CompilerServices;

internal sealed class CollectionCheck(string type, Func<PayloadCheck> element) : PayloadCheck
{
    // Every thread would make the same one.
    private SequenceCheck? _elements;

    internal override int MinSize => sizeof(int);

    internal override void Walk(ref PayloadCursor cursor)
    {
        _elements ??= new SequenceCheck(element());
        cursor.Enter(type);
        _elements.Walk(ref cursor);
        cursor.Leave();
    }
}
