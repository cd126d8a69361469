namespace Mitogen.CompilerServices;

internal sealed class GridCheck(int rank, WireCheck element) : WireCheck
{
    internal override IEnumerable<WireCheck> Parts => [element];

    internal override void Walk(ref WireCursor cursor)
    {
        byte header = cursor.TakeByte();
        if (header == ObjectCheck.Null)
        {
            return;
        }

        if (header != rank + 1)
        {
            ThrowInvalid($"An array of {header - 1} dimensions was sent where one of {rank} is expected.");
        }

        Int128 product = 1;
        for (int i = 0; i < rank; i++)
        {
            int length = cursor.TakeInt32();
            if (length < 0)
            {
                ThrowInvalid($"An array says that it has {length} elements in one dimension.");
            }

            product *= length;
        }

        int total = cursor.TakeInt32();
        if (product != total)
        {
            ThrowInvalid($"An array says that it has {total} elements, and by its dimensions it has {product}.");
        }

        cursor.CheckCount(element.MinSize, total);
        SequenceCheck.WalkAll(ref cursor, element, total);
    }
}
