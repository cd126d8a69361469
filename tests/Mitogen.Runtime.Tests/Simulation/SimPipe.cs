using Mitogen.Framing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>One direction of a simulated link: bytes in flight, which can be stalled, split anywhere and cut off.</summary>
internal sealed class SimPipe(SimContext from, SimContext to, SimFault fault)
{
    private readonly Queue<byte> _bytes = new();

    public SimContext From { get; } = from;

    public SimContext To { get; } = to;

    public bool IsStalled { get; set; }

    /// <summary>Set when the link is cut: what is in flight still arrives, then the end.</summary>
    public bool IsCut { get; private set; }

    public bool EndSeen { get; set; }

    public int InFlight => _bytes.Count;

    public void Add(ReadOnlySpan<byte> batch)
    {
        if (IsCut)
        {
            return;
        }

        FrameReader reader = new();
        List<(FrameHeader, byte[])> frames = [];
        while (reader.TryRead(ref batch, out FrameHeader header, out ReadOnlySpan<byte> payload))
        {
            frames.Add((header, payload.ToArray()));
        }

        foreach ((FrameHeader header, byte[] payload) in fault.Apply(this, frames))
        {
            byte[] frame = new byte[FrameHeader.Size + payload.Length];
            header.Write(frame);
            payload.CopyTo(frame, FrameHeader.Size);
            Array.ForEach(frame, _bytes.Enqueue);
        }
    }

    public byte[] Take(int count)
    {
        byte[] taken = new byte[Math.Min(count, _bytes.Count)];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = _bytes.Dequeue();
        }

        return taken;
    }

    /// <summary>Cuts the direction; some of what is in flight is lost, at any byte.</summary>
    public void Cut(Random random)
    {
        IsCut = true;
        IsStalled = false;
        byte[] kept = [.. _bytes.Take(random.Next(_bytes.Count + 1))];
        _bytes.Clear();
        Array.ForEach(kept, _bytes.Enqueue);
    }
}
