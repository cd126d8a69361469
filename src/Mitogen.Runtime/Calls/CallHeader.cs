using System.Buffers.Binary;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The chain of calls that a call belongs to: the context that began the chain, and its number there. Zero: none.</summary>
internal readonly record struct ChainId(uint Context, ulong Number)
{
    // The number is its context's choice.
    public override int GetHashCode() => KeyHash.Instance.GetHashCode((Context, Number));
}

/// <summary>
/// The header before a call's arguments, little-endian:
/// <code>
///  0  u64  contract   RemoteContract.Id
///  8  u64  object     the callee's id for it; the highest bit: the caller's id for a promise; 0: the context's service for the contract
/// 16  u64  sequence   place among the caller's calls on (contract, object), from 0
/// 24  u64  chain      number in the context that began the chain; 0: none
/// 32  u32  chain      that context
/// 36  u32  method     RemoteMethod.Id
/// 40  u32  timeout    milliseconds left; 0: none
/// 44  u32  arguments  bytes that follow; the highest bit: they begin with a trace context (<see cref="Telemetry.TraceFields"/>)
/// 48  u64  promise    the caller's id for the object that the method returns, highest bit set; 0: it returns none at once
/// </code>
/// </summary>
internal readonly record struct CallHeader(
    ulong Contract, ulong Object, ulong Sequence, ChainId Chain, uint Method, uint TimeoutMilliseconds, uint ArgumentBytes, ulong Promise, bool HasTrace = false)
{
    public const int Size = 56;

    private const uint TraceBit = 1u << 31;

    public void Write(Span<byte> destination)
    {
        _ = destination[Size - 1];
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Contract);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Object);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Chain.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[32..], Chain.Context);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[36..], Method);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[40..], TimeoutMilliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[44..], ArgumentBytes | (HasTrace ? TraceBit : 0));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], Promise);
    }

    public static CallHeader Read(ReadOnlySpan<byte> source)
    {
        _ = source[Size - 1];
        uint arguments = BinaryPrimitives.ReadUInt32LittleEndian(source[44..]);
        return new CallHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(source),
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            new ChainId(BinaryPrimitives.ReadUInt32LittleEndian(source[32..]), BinaryPrimitives.ReadUInt64LittleEndian(source[24..])),
            BinaryPrimitives.ReadUInt32LittleEndian(source[36..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[40..]),
            arguments & ~TraceBit,
            BinaryPrimitives.ReadUInt64LittleEndian(source[48..]),
            (arguments & TraceBit) != 0);
    }
}
