using Mitogen.Framing;

namespace Mitogen.Multiplexing;

/// <summary>
/// Decides what a link sends next: control frames first, then one frame of each stream that has something to send, in turn.
/// Has no I/O: a driver collects a batch and writes it at once.
/// </summary>
internal sealed class LinkSender
{
    private readonly TurnRing _ring = new();
    private byte[] _control = new byte[256];
    private int _controlCount;

    public bool HasWork => _controlCount > 0 || _ring.Count > 0;

    /// <summary>Bytes of control frames that wait.</summary>
    public int ControlBytes => _controlCount;

    /// <summary>Gives an outlet its place in the ring, unless it has one.</summary>
    public void Enqueue(Outlet outlet) => _ring.Enqueue(outlet);

    /// <summary>Queues a frame that goes before all streams.</summary>
    public void AddControl(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        int size = FrameHeader.Size + body.Length;
        if (_control.Length - _controlCount < size)
        {
            Array.Resize(ref _control, Math.Max(_control.Length * 2, _controlCount + size));
        }

        header.Write(_control.AsSpan(_controlCount));
        body.CopyTo(_control.AsSpan(_controlCount + FrameHeader.Size));
        _controlCount += size;
    }

    /// <summary>How many streams have something to send.</summary>
    public int Waiting => _ring.Count;

    /// <summary>Whether more than one stream has something to send.</summary>
    public bool HasSeveral => _ring.Count > 1;

    /// <summary>Fills a batch with whole frames.</summary>
    /// <param name="batch">At least one frame of the largest size, so that every frame fits into an empty batch.</param>
    /// <returns>The bytes to write; 0 when there is nothing to send.</returns>
    public int Collect(Span<byte> batch)
    {
        int count = TakeControl(batch);
        if (_controlCount > 0)
        {
            return count;
        }

        for (bool more = _ring.Count > 0; more;)
        {
            int written = _ring.WriteFrame(batch[count..], out more);
            if (written == 0)
            {
                break;
            }

            count += written;
        }

        return count;
    }

    /// <summary>Drops everything that waits.</summary>
    public void Clear()
    {
        _ring.Clear();
        _controlCount = 0;
    }

    private int TakeControl(Span<byte> batch)
    {
        if (_controlCount <= batch.Length)
        {
            _control.AsSpan(0, _controlCount).CopyTo(batch);
            int all = _controlCount;
            _controlCount = 0;
            return all;
        }

        // Frames stay whole: a driver may end between two batches.
        int count = 0;
        while (true)
        {
            int next = FrameHeader.Size + FrameHeader.Read(_control.AsSpan(count)).Length;
            if (count + next > batch.Length)
            {
                break;
            }

            count += next;
        }

        _control.AsSpan(0, count).CopyTo(batch);
        _control.AsSpan(count, _controlCount - count).CopyTo(_control);
        _controlCount -= count;
        return count;
    }
}
