using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mitogen.Framing;

/// <summary>Bits of a frame's header.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>The sender sends nothing more on this stream: half-close. On Open and Data.</summary>
    End = 1,

    /// <summary>The sender is the end that accepted the stream; without it, the end that opened it.</summary>
    FromAcceptor = 2,

    /// <summary>On Open: the call was given up before it was sent; only its place in the order counts.</summary>
    Skip = 4,
}

/// <summary>
/// The fixed header of every frame, little-endian:
/// <code>
///  0  u32  length       bytes of body, 0 to 65,536
///  4  u8   kind         FrameKind
///  5  u8   flags        FrameFlags
///  6  u16  reserved     0
///  8  u32  destination  context id; 0: the other end of this link
/// 12  u32  source       context id
/// 16  u64  stream       chosen by the opener, unique for (opener, acceptor); 0: not of a stream
/// </code>
/// </summary>
internal readonly struct FrameHeader(
    int length, FrameKind kind, FrameFlags flags, uint destination, uint source, ulong stream)
{
    public const int Size = 24;

    /// <summary>The largest body of one frame; larger messages are cut up, so that nothing waits behind them.</summary>
    public const int MaxBody = 64 * 1024;

    public int Length { get; } = length;

    public FrameKind Kind { get; } = kind;

    public FrameFlags Flags { get; } = flags;

    public uint Destination { get; } = destination;

    public uint Source { get; } = source;

    public ulong Stream { get; } = stream;

    public bool IsEnd => (Flags & FrameFlags.End) != 0;

    public bool IsFromAcceptor => (Flags & FrameFlags.FromAcceptor) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> destination)
    {
        _ = destination[Size - 1];
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Length);
        destination[4] = (byte)Kind;
        destination[5] = (byte)Flags;
        destination[6] = 0;
        destination[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], Source);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Stream);
    }

    /// <exception cref="ProtocolBrokenException">The length is over the limit, or a reserved bit is set.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        _ = source[Size - 1];
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (length > MaxBody || source[6] != 0 || source[7] != 0)
        {
            throw new ProtocolBrokenException(
                $"What came is not a frame: its header begins {Convert.ToHexString(source[..8])}. Was something printed to the link's descriptor?");
        }

        return new FrameHeader(
            (int)length,
            (FrameKind)source[4],
            (FrameFlags)source[5],
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]));
    }
}
