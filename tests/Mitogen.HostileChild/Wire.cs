using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mitogen.HostileChild;

/// <summary>What docs/protocol.md fixes: all that this program knows of the protocol's numbers stands here.</summary>
internal static class Wire
{
    public const int Version = 4;
    public const int NonceSize = 16;
    public const int HeaderSize = 24;
    public const int MaxBody = 65_536;
    public const int CallHeaderSize = 56;
    public const int AnswerHeaderSize = 8;
    public const int InitialWindow = 16_384;
    public const ulong PromiseBit = 1UL << 63;
    public const uint Root = 1;

    public const ulong StreamContract = 0x14adf78c7d37dbc2;
    public const uint StreamRead = 0x790f2ddb;
    public const uint StreamWrite = 0x05c9143b;
    public const ulong ParentContext = 0x167c6935bebb5c01;
    public const uint Lease = 0x86f241c3;
    public const uint Ready = 0x24824ce0;
    public const uint FindAssembly = 0x43f93f0b;
    public const ulong ContextHost = 0x025417939e2189b2;
    public const uint StartContext = 0x0bcc87b4;
    public const ulong LogSink = 0xc2e3a63019a375a7;
    public const uint WriteLog = 0xf000c7a4;

    /// <summary>A contract's id, by section 5.</summary>
    public static ulong Contract(string name) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>A method's id, by its signature.</summary>
    public static uint Method(string signature) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(signature)));
}

internal enum Kind : byte
{
    Open = 1,
    Data = 2,
    Reset = 3,
    Credit = 4,
    RouteAdded = 5,
    ContextGone = 6,
    KeepAlive = 7,
    Goodbye = 8,
    Expel = 9,
}

[Flags]
internal enum Mark : byte
{
    None = 0,
    End = 1,
    FromAcceptor = 2,
    Skip = 4,
}

internal enum WireReset : byte
{
    Cancelled = 1,
    Refused = 2,
    FlowControl = 3,
    TooLarge = 4,
    Unreachable = 5,
    Malformed = 6,
    NoSuchObject = 7,
    NotAllowed = 8,
    Busy = 9,
}

internal enum WireAnswer : byte
{
    Result = 0,
    Error = 1,
    Items = 2,
    Report = 3,
    Bytes = 4,
}

/// <summary>The header of a frame.</summary>
internal readonly record struct Header(int Length, Kind Kind, Mark Mark, uint Destination, uint Source, ulong Stream)
{
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Length);
        to[4] = (byte)Kind;
        to[5] = (byte)Mark;
        to[6] = to[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Destination);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], Source);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], Stream);
    }

    public static Header Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadInt32LittleEndian(from),
        (Kind)from[4],
        (Mark)from[5],
        BinaryPrimitives.ReadUInt32LittleEndian(from[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[16..]));
}

/// <summary>The header of a call: what is called, and what comes with it.</summary>
internal sealed record Call(ulong Contract, ulong Object, ulong Sequence, uint Method)
{
    public ulong ChainNumber { get; init; }

    public uint ChainContext { get; init; }

    public ulong Promise { get; init; }

    public byte[] Arguments { get; init; } = [];

    /// <summary>How many bytes of arguments are announced, if not as many as there are.</summary>
    public uint? Announced { get; init; }

    public byte[] Write()
    {
        byte[] bytes = new byte[Wire.CallHeaderSize + Arguments.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Contract);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), Object);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), ChainNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), ChainContext);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(36), Method);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(44), Announced ?? (uint)Arguments.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(48), Promise);
        Arguments.CopyTo(bytes.AsSpan(Wire.CallHeaderSize));
        return bytes;
    }

    public static Call Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from),
        BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[36..]))
    {
        ChainNumber = BinaryPrimitives.ReadUInt64LittleEndian(from[24..]),
        ChainContext = BinaryPrimitives.ReadUInt32LittleEndian(from[32..]),
        Promise = BinaryPrimitives.ReadUInt64LittleEndian(from[48..]),
        Arguments = from[Wire.CallHeaderSize..].ToArray(),
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Contract:x16}.{Method:x8} of {Object}");
}
