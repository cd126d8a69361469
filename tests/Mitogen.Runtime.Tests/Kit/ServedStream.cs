using System.Buffers.Binary;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>The acceptor's end of a stream in a <see cref="KernelTree"/>.</summary>
internal sealed class ServedStream : IStreamHandler
{
    // What all answers are made of: never touched, and so without memory until it is sent.
    private static readonly byte[] s_answer = GC.AllocateUninitializedArray<byte>(400 * 1024 * 1024);

    private Wish _wish;
    private long _length;

    /// <summary>The bytes that came.</summary>
    public long Received { get; private set; }

    public ResetCode? Reset { get; private set; }

    public DisconnectReason? Lost { get; private set; }

    public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
    {
        if (Received == 0 && bytes.Length >= WishMessage.Size)
        {
            _wish = (Wish)bytes[0];
            _length = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        }

        Received += bytes.Length;
        if (_wish == Wish.Take && Received <= _length)
        {
            stream.Consumed(bytes.Length, _length - Received + 1);
        }

        if (end)
        {
            stream.Send(s_answer.AsMemory(0, _wish == Wish.Answer ? (int)Math.Clamp(_length, 0, s_answer.Length) : 1));
        }
    }

    public void OnReset(MuxStream stream, ResetCode code, string message) => Reset = code;

    public void OnLost(MuxStream stream, DisconnectReason reason) => Lost = reason;

    public void OnSent(MuxStream stream)
    {
    }

    public void OnClosed(MuxStream stream)
    {
    }
}
