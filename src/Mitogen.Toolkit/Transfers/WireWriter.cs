using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Mitogen.Toolkit.Transfers;

/// <summary>Writes frames into a buffer, which is read from its beginning. For one thread at a time.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _offers = new(WireBounds.Offers);
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private EntryState _last;

    /// <summary>How many bytes were written and not read.</summary>
    public int Length => _end - _start;

    /// <summary>Whether the next entry goes into the next frame.</summary>
    public bool AreOffersFull => _offers.WrittenCount + WireBounds.Entry > WireBounds.Offers;

    /// <summary>Takes bytes from the beginning.</summary>
    public int Read(Span<byte> target)
    {
        int count = Math.Min(target.Length, Length);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }

        return count;
    }

    public void Offer(WireOffer kind, ReadOnlySpan<byte> name, in EntryState state)
    {
        WireState differs = (state.Mode != _last.Mode ? WireState.Mode : 0)
            | (state.User != _last.User || state.Group != _last.Group ? WireState.Owner : 0)
            | (state.Modified.Seconds != _last.Modified.Seconds ? WireState.Seconds : 0)
            | (state.Modified.Nanoseconds != _last.Modified.Nanoseconds ? WireState.Nanoseconds : 0);
        Put((byte)kind);
        Put((byte)differs);
        if (differs.HasFlag(WireState.Mode))
        {
            OfferNumber(state.Mode);
        }

        if (differs.HasFlag(WireState.Owner))
        {
            OfferNumber(state.User);
            OfferNumber(state.Group);
        }

        if (differs.HasFlag(WireState.Seconds))
        {
            long difference = state.Modified.Seconds - _last.Modified.Seconds;
            OfferNumber((ulong)((difference << 1) ^ (difference >> 63)));
        }

        if (differs.HasFlag(WireState.Nanoseconds))
        {
            OfferNumber((ulong)state.Modified.Nanoseconds);
        }

        _last = state;
        OfferBytes(name);
    }

    public void OfferLeave() => Put((byte)WireOffer.Leave);

    public void OfferNumber(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        _offers.Write(bytes[..Encode(value, bytes)]);
    }

    public void OfferBytes(ReadOnlySpan<byte> bytes)
    {
        OfferNumber((ulong)bytes.Length);
        _offers.Write(bytes);
    }

    /// <summary>Ends the frame of offers. They are compressed whatever the options say: names and times of a tree are alike, and few.</summary>
    public void FlushOffers()
    {
        ReadOnlySpan<byte> offers = _offers.WrittenSpan;
        if (offers.IsEmpty)
        {
            return;
        }

        byte[] packed = ArrayPool<byte>.Shared.Rent(offers.Length);
        int packedLength = 0;
        bool isPacked = offers.Length > 128
            && BrotliEncoder.TryCompress(offers, packed, out packedLength, quality: 3, window: 18)
            && packedLength < offers.Length;
        Frame(isPacked ? WireFrame.PackedOffers : WireFrame.Offers);
        Number((ulong)offers.Length);
        if (isPacked)
        {
            Number((ulong)packedLength);
            Write(packed.AsSpan(0, packedLength));
        }
        else
        {
            Write(offers);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), XxHash3.HashToUInt64(offers));
        ArrayPool<byte>.Shared.Return(packed);
        _offers.ResetWrittenCount();
    }

    public void Frame(WireFrame frame) => Take(1)[0] = (byte)frame;

    public void Number(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        Write(bytes[..Encode(value, bytes)]);
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Room for bytes at the end, which count as written.</summary>
    public Span<byte> Take(int length)
    {
        if (_end + length > _buffer.Length)
        {
            int present = Length;
            byte[] larger = present + length <= _buffer.Length ? _buffer : new byte[Math.Max(_buffer.Length * 2, present + length)];
            Buffer.BlockCopy(_buffer, _start, larger, 0, present);
            (_buffer, _start, _end) = (larger, 0, present);
        }

        _end += length;
        return _buffer.AsSpan(_end - length, length);
    }

    /// <summary>Takes back bytes at the end that were not used.</summary>
    public void GiveBack(int length) => _end -= length;

    private static int Encode(ulong value, Span<byte> bytes)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        return length;
    }

    private void Put(byte value)
    {
        _offers.GetSpan(1)[0] = value;
        _offers.Advance(1);
    }
}
