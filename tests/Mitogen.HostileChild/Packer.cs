using System.Buffers.Binary;
using System.Text;

namespace Mitogen.HostileChild;

/// <summary>Writes what section 5 says of MemoryPack's format.</summary>
internal sealed class Packer
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public Packer Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    /// <summary>An object: the number of its members, which follow.</summary>
    public Packer Object(byte members) => Byte(members);

    public Packer Int(int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    public Packer Long(ulong value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, value);
        _bytes.AddRange(eight);
        return this;
    }

    public Packer Text(string? text)
    {
        if (text is null)
        {
            return Int(-1);
        }

        if (text.Length == 0)
        {
            return Int(0);
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        _ = Int(~utf8.Length).Int(text.Length);
        _bytes.AddRange(utf8);
        return this;
    }

    /// <summary>The texts of exceptions have another form: a 7-bit encoded length, and UTF-8.</summary>
    public Packer ErrorText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        uint length = (uint)utf8.Length;
        for (; length >= 0x80; length >>= 7)
        {
            _ = Byte((byte)(length | 0x80));
        }

        _ = Byte((byte)length);
        _bytes.AddRange(utf8);
        return this;
    }

    public Packer Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The table of references: objects of the sender (kind 0) or of the receiver (kind 1).</summary>
    public Packer References(params (byte Kind, ulong Object, ulong Contract)[] entries)
    {
        foreach ((byte kind, ulong id, ulong contract) in entries)
        {
            _ = Int(kind).Int(kind == 0 && contract == Wire.StreamContract ? 3 : 0).Long(id).Long(contract);
        }

        return Int(entries.Length);
    }

    /// <summary>Who this context says it is.</summary>
    public Packer Info(string host, string user, string system) =>
        Object(6).Text(host).Text(user).Int(Environment.ProcessId).Text(system).Text("x64").Text(".NET 10");
}

/// <summary>Reads the parts of that format that come in a welcome.</summary>
internal ref struct Unpacker(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public int Int()
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    public string? Text()
    {
        int length = Int();
        if (length is -1 or 0)
        {
            return length == 0 ? "" : null;
        }

        int size = length > 0 ? 2 * length : ~length;
        _ = length < 0 ? Int() : 0;
        string text = (length > 0 ? Encoding.Unicode : Encoding.UTF8).GetString(_rest[..size]);
        _rest = _rest[size..];
        return text;
    }

    public string[] Texts()
    {
        int count = Int();
        string[] texts = new string[Math.Max(count, 0)];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Text() ?? "";
        }

        return texts;
    }
}
