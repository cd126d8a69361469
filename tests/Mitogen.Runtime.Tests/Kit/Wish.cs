using System.Buffers.Binary;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>What the opener of a stream wants of the other end: the first byte of its message; a length follows (i64).</summary>
internal enum Wish : byte
{
    /// <summary>Takes the message, and answers with that many bytes.</summary>
    Answer = 1,

    /// <summary>Takes that many bytes, then no more; answers when the message ends.</summary>
    Take = 2,
}

internal static class WishMessage
{
    public const int Size = 9;

    /// <summary>
    /// A message that is <paramref name="size"/> bytes long. What follows the wish is never touched, and takes no memory until it is sent.
    /// </summary>
    public static byte[] Make(Wish wish, long length, int size = Size)
    {
        byte[] message = GC.AllocateUninitializedArray<byte>(size);
        message[0] = (byte)wish;
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(1), length);
        return message;
    }
}
