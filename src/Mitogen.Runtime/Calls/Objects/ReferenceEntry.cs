using System.Buffers.Binary;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>Whose object a reference means.</summary>
internal enum ReferenceKind : byte
{
    /// <summary>The sender's: the id is one that the sender gave for the receiver.</summary>
    Senders = 0,

    /// <summary>The receiver's own: the id is one that the receiver gave, a promise of the sender's, or 0 for a service.</summary>
    Receivers = 1,
}

/// <summary>
/// One entry of the table behind a message's data, little-endian:
/// <code>
///  0  u8     kind      ReferenceKind
///  1  u8[3]            0
///  4  u32    tag       what the contract says of the object beside its identity
///  8  u64    object    the id
/// 16  u64    contract  RemoteContract.Id
/// </code>
/// The number of entries (u32) follows the last one.
/// </summary>
internal readonly record struct ReferenceEntry(ReferenceKind Kind, uint Tag, ulong Object, ulong Contract)
{
    public const int Size = 24;
    public const int TrailerSize = 4;

    /// <summary>A message has no more entries, whatever its size.</summary>
    public const int MaxCount = 64 * 1024;

    public static void Write(CallBuffer buffer, IReadOnlyList<ReferenceEntry> entries)
    {
        Span<byte> bytes = stackalloc byte[Size];
        foreach (ReferenceEntry entry in entries)
        {
            bytes.Clear();
            bytes[0] = (byte)entry.Kind;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], entry.Tag);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], entry.Object);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], entry.Contract);
            buffer.Write(bytes);
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes, entries.Count);
        buffer.Write(bytes[..TrailerSize]);
    }

    /// <summary>Splits a message that came whole into its data and its table.</summary>
    /// <param name="message">The message; it may be in pieces still.</param>
    /// <param name="dataBytes">Receives how many of its bytes are data.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="MemoryPackSerializationException">The message is too short for what it announces.</exception>
    public static ReferenceEntry[] Read(MessageAssembler message, out int dataBytes)
    {
        Span<byte> trailer = stackalloc byte[TrailerSize];
        message.CopyEnd(trailer);
        int length = (int)message.Count;
        int count = length < TrailerSize ? -1 : BinaryPrimitives.ReadInt32LittleEndian(trailer);
        if (count is < 0 or > MaxCount || count > (length - TrailerSize) / Size)
        {
            throw new MemoryPackSerializationException($"A message of {length} bytes announces {count} references.");
        }

        dataBytes = length - TrailerSize - (count * Size);
        if (count == 0)
        {
            return [];
        }

        Span<byte> table = new byte[(count * Size) + TrailerSize];
        message.CopyEnd(table);
        ReferenceEntry[] entries = new ReferenceEntry[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes = table[(i * Size)..];
            entries[i] = new ReferenceEntry(
                (ReferenceKind)bytes[0],
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        }

        return entries;
    }
}
