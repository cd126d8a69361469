using Mitogen.Framing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// A deliberate fault: changes frames on their way, as a wrong implementation would have sent them. The simulation has to notice
/// every one of them.
/// </summary>
internal sealed class SimFault(string name, Func<SimFault, FrameHeader, byte[], IEnumerable<(FrameHeader Header, byte[] Payload)>> change)
{
    private const int MostBatchesHeld = 20;

    private readonly Dictionary<SimPipe, (FrameHeader Header, byte[] Payload, int Age)> _held = [];

    public static SimFault None { get; } = new("none", (_, h, p) => [(h, p)]);

    public string Name { get; } = name;

    /// <summary>How many frames were changed.</summary>
    public int Hits { get; private set; }

    public IEnumerable<(FrameHeader Header, byte[] Payload)> Apply(SimPipe pipe, List<(FrameHeader Header, byte[] Payload)> batch) =>
        Reorders ? Reorder(pipe, batch) : batch.SelectMany(f => change(this, f.Header, f.Payload));

    /// <summary>Whether a frame changes places with the next one of its stream, if that comes soon.</summary>
    private bool Reorders { get; init; }

    /// <summary>The faults, made anew, because they count.</summary>
    public static IEnumerable<SimFault> All() =>
    [
        new("a lost window update", (f, h, p) => h.Kind == FrameKind.Credit ? f.Hit([]) : [(h, p)]),
        new("a window update that grants too much", (f, h, p) =>
            h.Kind == FrameKind.Credit ? f.Hit([(h, BitConverter.GetBytes(BitConverter.ToInt32(p) + 2000))]) : [(h, p)]),
        new("a route that is not withdrawn", (f, h, p) => h.Kind == FrameKind.ContextGone ? f.Hit([]) : [(h, p)]),
        new("a route that is not announced", (f, h, p) => h.Kind == FrameKind.RouteAdded ? f.Hit([]) : [(h, p)]),
        new("a sequence gap: a call given up leaves no mark", (f, h, p) =>
            (h.Flags & FrameFlags.Skip) != 0 ? f.Hit([]) : [(h, p)]),
        new("a lost reset", (f, h, p) => h.Kind == FrameKind.Reset ? f.Hit([]) : [(h, p)]),
        new("a lost end", (f, h, p) => h.IsEnd && h.Kind == FrameKind.Data ? f.Hit([(With(h, flags: h.Flags & ~FrameFlags.End), p)]) : [(h, p)]),
        new("a frame sent twice", (f, h, p) => h.Kind == FrameKind.Data && p.Length > 0 ? f.Hit([(h, p), (h, p)]) : [(h, p)]),
        new("two frames of a stream in the wrong order", (_, h, p) => [(h, p)]) { Reorders = true },
        new("a frame to the wrong context", (f, h, p) =>
            h.Kind is FrameKind.Open && h.Destination > 2 ? f.Hit([(With(h, destination: h.Destination - 1), p)]) : [(h, p)]),
        new("a frame in another's name", (f, h, p) =>
            h.Kind is FrameKind.Data or FrameKind.Open && h.Source > 2 ? f.Hit([(With(h, source: h.Source - 1), p)]) : [(h, p)]),
        new("a changed byte", (f, h, p) =>
        {
            if (h.Kind != FrameKind.Data || p.Length < 20)
            {
                return [(h, p)];
            }

            p[15] ^= 0x40;
            return f.Hit([(h, p)]);
        }),
    ];

    private static FrameHeader With(FrameHeader h, FrameFlags? flags = null, uint? destination = null, uint? source = null) =>
        new(h.Length, h.Kind, flags ?? h.Flags, destination ?? h.Destination, source ?? h.Source, h.Stream);

    private IEnumerable<(FrameHeader Header, byte[] Payload)> Hit(IEnumerable<(FrameHeader Header, byte[] Payload)> instead)
    {
        Hits++;
        return instead;
    }

    private List<(FrameHeader Header, byte[] Payload)> Reorder(SimPipe pipe, List<(FrameHeader Header, byte[] Payload)> batch)
    {
        if (!_held.Remove(pipe, out (FrameHeader Header, byte[] Payload, int Age) held))
        {
            int first = batch.FindIndex(f => f.Header.Kind is FrameKind.Data or FrameKind.Open && !f.Header.IsEnd);
            if (first >= 0)
            {
                _held[pipe] = (batch[first].Header, batch[first].Payload, 0);
                batch.RemoveAt(first);
                Hits++;
            }

            return batch;
        }

        int next = batch.FindIndex(f => f.Header.Kind == FrameKind.Data && IsSameStream(f.Header, held.Header));
        if (next >= 0)
        {
            batch.Insert(next + 1, (held.Header, held.Payload));
        }
        else if (held.Age < MostBatchesHeld)
        {
            _held[pipe] = held with { Age = held.Age + 1 };
        }
        else
        {
            batch.Insert(0, (held.Header, held.Payload));
        }

        return batch;
    }

    private static bool IsSameStream(in FrameHeader a, in FrameHeader b) =>
        (a.Stream, a.Source, a.Destination, a.IsFromAcceptor) == (b.Stream, b.Source, b.Destination, b.IsFromAcceptor);
}
