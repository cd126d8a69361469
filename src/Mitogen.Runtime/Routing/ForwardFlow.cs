using System.Buffers;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>Which stream's direction a forwarded frame belongs to.</summary>
internal readonly record struct FlowKey(uint Source, uint Destination, ulong Stream, bool FromAcceptor)
{
    // The stream's number is the sender's choice.
    public override int GetHashCode() => KeyHash.Instance.GetHashCode((((ulong)Source << 32) | Destination, Stream)) ^ (FromAcceptor ? 1 : 0);
}

/// <summary>Whole frames of one stream that wait to be passed on, in order.</summary>
internal sealed class ForwardFlow(Link from, KnownContext below, FlowKey key) : Outlet
{
    /// <summary>
    /// The bytes that a flow takes besides its frames. They count as the frames do, or a hostile child could have any number of flows with
    /// a header each.
    /// </summary>
    public const int Overhead = 256;

    // Whoever is below sent it, or gave those above the credit to send it: nobody else answers for what waits.
    private readonly Account _account = below.Account!;

    private byte[] _bytes = [];
    private int _start;
    private int _count;
    private long _charged;

    /// <summary>The resource that is charged for the frames that wait.</summary>
    public Resource Resource { get; } = below.Id == key.Source ? Resource.PassingUp : Resource.PassingDown;

    /// <summary>Takes a frame.</summary>
    /// <returns>False when more waits than may.</returns>
    public bool TryAppend(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        int size = FrameHeader.Size + body.Length;
        int cost = _charged == 0 ? size + Overhead : size;
        if (!_account.TryTake(Resource, cost))
        {
            return false;
        }

        _charged += cost;
        from.BytesOnTheirWay += cost;
        MakeRoom(size);
        Span<byte> room = _bytes.AsSpan(_start + _count, size);
        header.Write(room);
        body.CopyTo(room[FrameHeader.Size..]);
        _count += size;
        return true;
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
        more = _count > 0;
        if (more)
        {
            GiveBack(size);
        }
        else
        {
            Clear();
        }

        return size;
    }

    /// <summary>Forgets what waits: the link is closed, or one of the two contexts is gone.</summary>
    public void Clear()
    {
        if (!below.Flows.Remove(key))
        {
            return;
        }

        GiveBack(_charged);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _start = _count = 0;
    }

    private void GiveBack(long amount)
    {
        _charged -= amount;
        from.BytesOnTheirWay -= amount;
        _account.Give(Resource, amount);
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
