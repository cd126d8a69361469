namespace Mitogen.CompilerServices;

internal sealed class TextCheck : PayloadCheck
{
    internal override int MinSize => sizeof(int);

    internal override void Walk(ref PayloadCursor cursor)
    {
        ReadOnlySpan<byte> rest = cursor.Rest;
        int length = cursor.TakeInt32();
        int characters = length < -1 ? cursor.TakeInt32() : 0;
        int taken = rest.Length - cursor.Rest.Length;
        cursor.Take(TextHeader.SizeOf(length, characters, rest.Length) - taken);
    }
}
