using System.Buffers.Binary;

namespace Mitogen.CompilerServices;

/// <summary>A place in the bytes of a value, while they are checked.</summary>
internal ref struct WireCursor(ReadOnlySpan<byte> bytes)
{
    private int _depth;

    /// <summary>The bytes that are not checked yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Rest.Length)
        {
            WireData.ThrowInvalid($"{count} bytes should follow; {Rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = Rest[..count];
        Rest = Rest[count..];
        return taken;
    }

    public byte TakeByte() => Take(1)[0];

    public int TakeInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>Takes the count of a collection; <see langword="false"/> if it stands for null.</summary>
    /// <param name="elementSize">The least size of an element.</param>
    /// <param name="count">The count.</param>
    public bool TryTakeCount(int elementSize, out int count)
    {
        count = TakeInt32();
        if (count == -1)
        {
            return false;
        }

        CheckCount(elementSize, count);
        return true;
    }

    /// <summary>Throws unless that many elements can follow.</summary>
    public readonly void CheckCount(int elementSize, long count)
    {
        if (count < 0 || count > Rest.Length / elementSize)
        {
            WireData.ThrowInvalid($"A collection says that it has {count} elements; {Rest.Length} bytes are left.");
        }
    }

    /// <summary>Takes a number in the library's short form: a byte that is the number, or that says which type of number follows.</summary>
    public long TakeVarInt()
    {
        sbyte code = (sbyte)TakeByte();
        switch (code)
        {
            case -121:
                return TakeByte();
            case -122:
                return (sbyte)TakeByte();
            case -123:
                return BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));
            case -124:
                return BinaryPrimitives.ReadInt16LittleEndian(Take(sizeof(short)));
            case -125:
                return BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
            case -126:
                return TakeInt32();
            case < -126:
                WireData.ThrowInvalid("A number of 64 bits was sent where one of 32 bits is expected.");
                return 0;
            default:
                return code;
        }
    }

    /// <summary>Enters a value that may contain others of its type.</summary>
    public void Enter(string type)
    {
        if (_depth == WireNesting.MaxDepth)
        {
            WireNesting.ThrowTooDeep(type);
        }

        _depth++;
    }

    public void Leave() => _depth--;
}
