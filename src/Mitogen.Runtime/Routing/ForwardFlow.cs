using System.Buffers;
using System.Runtime.InteropServices;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>Which stream's direction a forwarded frame belongs to.</summary>
internal readonly record struct FlowKey(uint Source, uint Destination, ulong Stream, bool FromAcceptor);

/// <summary>Whole frames of one stream that wait to be passed on, in order.</summary>
internal sealed class ForwardFlow : Outlet
{
    // What a flow takes besides its frames. It counts as they do, or a hostile child could have any number of flows with a header each.
    private const int Overhead = 256;

    private readonly Link _from;
    private readonly Link _to;
    private byte[] _bytes = [];
    private int _start;
    private int _count;

    public ForwardFlow(Link from, Link to, FlowKey key)
    {
        _from = from;
        _to = to;
        Key = key;
        Count(Overhead);
    }

    public FlowKey Key { get; }

    public void Append(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        int size = FrameHeader.Size + payload.Length;
        MakeRoom(size);
        Span<byte> room = _bytes.AsSpan(_start + _count, size);
        header.Write(room);
        payload.CopyTo(room[FrameHeader.Size..]);
        _count += size;
        Count(size);
    }

    public override int WriteFrame(Span<byte> room, out bool more)
    {
        if (_count == 0)
        {
            more = false; // released while it waited for its turn
            return 0;
        }

        int size = FrameHeader.Size + FrameHeader.Read(_bytes.AsSpan(_start)).Length;
        if (room.Length < size)
        {
            more = true;
            return 0;
        }

        _bytes.AsSpan(_start, size).CopyTo(room);
        _start += size;
        _count -= size;
        Count(-size);
        more = _count > 0;
        if (!more)
        {
            Release();
        }

        return size;
    }

    /// <summary>Forgets what waits: the link is closed, or one of the two contexts is gone.</summary>
    public void Release()
    {
        if (!_to.Flows.Remove(Key))
        {
            return;
        }

        Count(-_count - Overhead);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _start = _count = 0;
    }

    private void Count(int change)
    {
        ref long bytes = ref CollectionsMarshal.GetValueRefOrAddDefault(_from.BytesOnTheirWay, Key.Source, out _);
        bytes += change;
        if (bytes == 0)
        {
            _ = _from.BytesOnTheirWay.Remove(Key.Source);
        }
    }

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _start - _count >= size)
        {
            return;
        }

        byte[] target = _bytes.Length - _count >= size ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(_count * 2, _count + size));
        _bytes.AsSpan(_start, _count).CopyTo(target);
        if (target != _bytes && _bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = target;
        _start = 0;
    }
}
