using Mitogen.Framing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>One direction of a simulated link: bytes in flight, which can be stalled, split anywhere and cut off.</summary>
internal sealed class SimPipe(SimWorld world, SimContext from, SimContext to)
{
    private byte[] _bytes = new byte[256];
    private int _start;
    private int _count;

    public SimContext From { get; } = from;

    public SimContext To { get; } = to;

    /// <summary>What changes its frames, if the sender is hostile.</summary>
    public SimHostile? Hostile => To == From.Parent ? From.Hostile : null;

    /// <summary>Cuts what arrives into frames, for those who look on.</summary>
    public FrameReader Arrived { get; } = new();

    public bool IsStalled { get; set; }

    /// <summary>Set when the link is cut: what is in flight still arrives, then the end.</summary>
    public bool IsCut { get; private set; }

    public bool EndSeen { get; set; }

    public void Add(ReadOnlySpan<byte> batch)
    {
        List<(FrameHeader, byte[])> frames = Frames.Read(batch);
        List<(FrameHeader Header, byte[] Body)> sent = IsCut ? frames : [.. world.Fault.Apply(this, frames)];
        if (!IsCut && Hostile is { IsQuiet: false } hostile)
        {
            sent = hostile.Mix(sent);
        }

        Add(sent);
    }

    /// <summary>Frames that are sent beside those of the kernel. Those that go into a link that is cut have left all the same.</summary>
    public void Add(List<(FrameHeader Header, byte[] Body)> sent)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        foreach ((FrameHeader header, byte[] body) in sent)
        {
            world.Leaves(this, header, body);
            if (!IsCut)
            {
                header.Write(head);
                Append(head);
                Append(body);
            }
        }
    }

    /// <summary>The next bytes to arrive, valid until something is added.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        count = Math.Min(count, _count);
        ReadOnlySpan<byte> taken = _bytes.AsSpan(_start, count);
        _start += count;
        _count -= count;
        return taken;
    }

    /// <summary>Cuts the direction; some of what is in flight is lost, at any byte.</summary>
    public void Cut(Random random)
    {
        IsCut = true;
        IsStalled = false;
        _count = random.Next(_count + 1);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _start - _count < bytes.Length)
        {
            byte[] target = _bytes.Length - _count < bytes.Length ? new byte[Math.Max(2 * _bytes.Length, _count + bytes.Length)] : _bytes;
            _bytes.AsSpan(_start, _count).CopyTo(target);
            (_bytes, _start) = (target, 0);
        }

        bytes.CopyTo(_bytes.AsSpan(_start + _count));
        _count += bytes.Length;
    }
}
