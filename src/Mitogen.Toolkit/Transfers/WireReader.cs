using System.IO.Compression;
using System.IO.Hashing;

namespace Mitogen.Toolkit.Transfers;

/// <summary>
/// Reads frames. Every length is held against its bound before anything is made of it. For one thread at a time.
/// </summary>
internal sealed class WireReader(ReadOnlyMemory<byte> head, Stream? rest)
{
    // Only bounded lengths are needed at once, and all of them have room.
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private ReadOnlyMemory<byte> _head = head;

    public async ValueTask<WireFrame> ReadFrameAsync(CancellationToken cancellationToken)
    {
        await NeedAsync(1, cancellationToken).ConfigureAwait(false);
        return (WireFrame)_buffer[_start++];
    }

    public async ValueTask<long> ReadNumberAsync(CancellationToken cancellationToken)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            await NeedAsync(1, cancellationToken).ConfigureAwait(false);
            byte part = _buffer[_start++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return (long)value >= 0 ? (long)value : throw Broken("a number is out of range");
            }

            if (shift == 56)
            {
                throw Broken("a number is out of range");
            }
        }
    }

    public async ValueTask<int> ReadLengthAsync(int most, string what, CancellationToken cancellationToken)
    {
        long length = await ReadNumberAsync(cancellationToken).ConfigureAwait(false);
        return length <= most ? (int)length : throw Broken($"{what} has {length} bytes, and at most {most} are allowed");
    }

    /// <summary>As many bytes, valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(int count, CancellationToken cancellationToken)
    {
        await NeedAsync(count, cancellationToken).ConfigureAwait(false);
        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    /// <summary>At least one byte and at most as many, as they come, valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadSomeAsync(long most, CancellationToken cancellationToken)
    {
        await NeedAsync(1, cancellationToken).ConfigureAwait(false);
        int count = (int)Math.Min(most, _end - _start);
        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    /// <summary>The offers of a frame.</summary>
    public async ValueTask<byte[]> ReadOffersAsync(bool isPacked, CancellationToken cancellationToken)
    {
        int length = await ReadLengthAsync(WireBounds.Offers + WireBounds.Entry, "a frame of offers", cancellationToken).ConfigureAwait(false);
        byte[] offers = isPacked
            ? await ReadPackedAsync(length, cancellationToken).ConfigureAwait(false)
            : (await ReadBytesAsync(length, cancellationToken).ConfigureAwait(false)).ToArray();
        ReadOnlyMemory<byte> hash = await ReadBytesAsync(8, cancellationToken).ConfigureAwait(false);
        return BitConverter.ToUInt64(hash.Span) == XxHash3.HashToUInt64(offers) ? offers : throw Broken("a frame of offers is damaged");
    }

    /// <summary>Compressed bytes, of which the length before compression was read.</summary>
    public async ValueTask<byte[]> ReadPackedAsync(int length, CancellationToken cancellationToken)
    {
        int packedLength = await ReadLengthAsync(length, "compressed data", cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> packed = await ReadBytesAsync(packedLength, cancellationToken).ConfigureAwait(false);
        byte[] bytes = new byte[length];
        return BrotliDecoder.TryDecompress(packed.Span, bytes, out int count) && count == length ? bytes : throw Broken("compressed data is damaged");
    }

    public static InvalidDataException Broken(string why) => new($"The other side of the transfer broke the rules: {why}.");

    private async ValueTask NeedAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
                (_start, _end) = (0, _end - _start);
            }

            int read = await FillAsync(cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("The other side of the transfer ended before all was sent.");
            }

            _end += read;
        }
    }

    private ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        Memory<byte> room = _buffer.AsMemory(_end);
        if (!_head.IsEmpty)
        {
            int count = Math.Min(room.Length, _head.Length);
            _head[..count].CopyTo(room);
            _head = _head[count..];
            return ValueTask.FromResult(count);
        }

        return rest is null ? ValueTask.FromResult(0) : rest.ReadAsync(room, cancellationToken);
    }
}
