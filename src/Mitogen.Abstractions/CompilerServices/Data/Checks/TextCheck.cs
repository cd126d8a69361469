namespace Mitogen.CompilerServices;

internal sealed class TextCheck : WireCheck
{
    internal override int MinSize => sizeof(int);

    internal override void Walk(ref WireCursor cursor)
    {
        ReadOnlySpan<byte> rest = cursor.Rest;
        int length = cursor.TakeInt32();
        int characters = length < -1 ? cursor.TakeInt32() : 0;
        int taken = rest.Length - cursor.Rest.Length;
        cursor.Take(TextHeader.SizeOf(length, characters, rest.Length) - taken);
    }
}
