using System.Buffers.Binary;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The kind of a part of an answer: its first byte.</summary>
internal enum AnswerKind : byte
{
    /// <summary>The result, or the end of the items: the last part.</summary>
    Result = 0,

    /// <summary>An encoded exception: the last part.</summary>
    Error = 1,

    /// <summary>Some of the items, one after the other.</summary>
    Items = 2,

    /// <summary>A report to the progress parameter that the header numbers.</summary>
    Report = 3,

    /// <summary>Some of the bytes of a stream.</summary>
    Bytes = 4,
}

/// <summary>
/// The header before each part of an answer, little-endian:
/// <code>
///  0  u8     kind     AnswerKind
///  1  u8     number   of the progress parameter, from 0
///  2  u8[2]           0
///  4  u32    length   bytes that follow
/// </code>
/// </summary>
internal readonly record struct AnswerHeader(AnswerKind Kind, byte Number, uint Length)
{
    public const int Size = 8;

    public bool IsLast => Kind is AnswerKind.Result or AnswerKind.Error;

    /// <summary>Fills in the header of a part that is written.</summary>
    public static void Complete(CallBuffer part, AnswerKind kind, byte number = 0) =>
        new AnswerHeader(kind, number, (uint)(part.WrittenCount - Size)).Write(part.Front(Size));

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Kind;
        destination[1] = Number;
        destination[2..4].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Length);
    }

    public static AnswerHeader Read(ReadOnlySpan<byte> source) =>
        new((AnswerKind)source[0], source[1], BinaryPrimitives.ReadUInt32LittleEndian(source[4..]));
}
