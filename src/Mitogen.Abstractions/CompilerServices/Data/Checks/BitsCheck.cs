namespace Mitogen.CompilerServices;

internal sealed class BitsCheck : WireCheck
{
    private const int BitsPerInt = 8 * sizeof(int);

    internal override int MinSize => sizeof(int);

    internal override void Walk(ref WireCursor cursor)
    {
        int count = cursor.TakeInt32();
        if (count < -1)
        {
            ThrowInvalid($"An array of flags says that it has {count} of them.");
        }

        long ints = ((long)Math.Max(count, 0) + BitsPerInt - 1) / BitsPerInt;
        cursor.CheckCount(sizeof(int), ints);
        cursor.Take((int)ints * sizeof(int));
    }
}
