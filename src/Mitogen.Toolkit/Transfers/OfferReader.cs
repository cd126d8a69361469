namespace Mitogen.Toolkit.Transfers;

/// <summary>Reads the offers of one frame after the other, and keeps the state that entries leave out because it is that of the entry before.</summary>
internal sealed class OfferReader
{
    private byte[] _offers = [];
    private int _position;
    private EntryState _last;

    public bool HasMore => _position < _offers.Length;

    public void Begin(byte[] offers) => (_offers, _position) = (offers, 0);

    public WireOffer ReadKind() => (WireOffer)ReadByte();

    public EntryState ReadState()
    {
        var differs = (WireState)ReadByte();
        uint mode = differs.HasFlag(WireState.Mode) ? ReadSmall(0xfff) : _last.Mode;
        (uint user, uint group) = differs.HasFlag(WireState.Owner) ? (ReadSmall(uint.MaxValue - 1), ReadSmall(uint.MaxValue - 1)) : (_last.User, _last.Group);
        long seconds = _last.Modified.Seconds;
        if (differs.HasFlag(WireState.Seconds))
        {
            ulong difference = ReadNumber();
            seconds = unchecked(seconds + ((long)(difference >> 1) ^ -(long)(difference & 1)));
        }

        int nanoseconds = differs.HasFlag(WireState.Nanoseconds) ? (int)ReadSmall(999_999_999) : _last.Modified.Nanoseconds;
        return _last = new EntryState(mode, user, group, new FileTime(seconds, nanoseconds));
    }

    public ReadOnlySpan<byte> ReadBytes(int most, string what)
    {
        ulong length = ReadNumber();
        if (length > (ulong)most || length > (ulong)(_offers.Length - _position))
        {
            throw WireReader.Broken($"{what} has {length} bytes");
        }

        _position += (int)length;
        return _offers.AsSpan(_position - (int)length, (int)length);
    }

    public long ReadSize()
    {
        ulong size = ReadNumber();
        return size <= long.MaxValue ? (long)size : throw WireReader.Broken("a size is out of range");
    }

    private uint ReadSmall(uint most)
    {
        ulong value = ReadNumber();
        return value <= most ? (uint)value : throw WireReader.Broken("a number is out of range");
    }

    private ulong ReadNumber()
    {
        ulong value = 0;
        for (int shift = 0; shift <= 63; shift += 7)
        {
            byte part = ReadByte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw WireReader.Broken("a number is out of range");
    }

    private byte ReadByte() => _position < _offers.Length ? _offers[_position++] : throw WireReader.Broken("an offer is incomplete");
}
