using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// A deliberate fault: changes frames on their way, as a wrong implementation would have sent them. The simulation has to notice
/// every one of them.
/// </summary>
internal sealed class SimFault(string name, Func<SimFault, SimPipe, FrameHeader, byte[], IEnumerable<(FrameHeader Header, byte[] Body)>> change)
{
    private const int MostBatchesHeld = 20;

    private readonly Dictionary<SimPipe, (FrameHeader Header, byte[] Body, int Age)> _held = [];

    private SimFault(string name)
        : this(name, (_, _, h, p) => [(h, p)])
    {
    }

    /// <summary>A world without a fault.</summary>
    public static SimFault None() => new("none");

    public string Name { get; } = name;

    /// <summary>How many frames were changed.</summary>
    public int Hits { get; private set; }

    public IEnumerable<(FrameHeader Header, byte[] Body)> Apply(SimPipe pipe, List<(FrameHeader Header, byte[] Body)> batch) =>
        Reorders ? Reorder(pipe, batch) : batch.SelectMany(f => change(this, pipe, f.Header, f.Body));

    /// <summary>Whether a frame changes places with the next one of its stream, if that comes soon.</summary>
    private bool Reorders { get; init; }

    /// <summary>
    /// What a context takes a frame of a hostile one for, before its kernel sees it: so behaves a kernel that does not check it. Gives the
    /// link by which the frame comes, and its header.
    /// </summary>
    public Func<SimFault, SimWorld, SimContext, Link, FrameHeader, (Link Link, FrameHeader Header)>? Door { get; private init; }

    /// <summary>The bounds that the kernels keep, where they are not those that they have to.</summary>
    public Func<KernelOptions, KernelOptions> Options { get; private init; } = o => o;

    /// <summary>Whether callees keep what they charged for a call when it is over.</summary>
    public bool KeepsCounts { get; private init; }

    /// <summary>Whether callees let those call who may not any more.</summary>
    public bool KeepsGrants { get; private init; }

    /// <summary>Whether an id is leased that was leased to another context before.</summary>
    public bool LeasesTwice { get; private init; }

    /// <summary>The faults that only show beside hostile contexts, or in what is held for others.</summary>
    public static IEnumerable<SimFault> BesideHostile() =>
    [
        new("credit granted twice", (f, pipe, h, p) =>
            h.Kind == FrameKind.Credit && h.Source == pipe.From.Kernel.Self ? f.Hit([(h, p), (h, p)]) : [(h, p)]),
        new("a receiver that does not enforce its window") { Door = Doors.IgnoreWindow },
        new("a bound that is not checked") { Options = o => o with { MaxLinkStreams = 16 * 1024 } },
        new("a grant that is not withdrawn") { KeepsGrants = true },
        new("a count that is not given back") { KeepsCounts = true },
        new("a source that is not compared") { Door = Doors.BelieveSource },
        new("a lease that is taken twice") { LeasesTwice = true },
        new("an answer of another stream that is accepted") { Door = Doors.BelieveAnswer },
    ];

    /// <summary>A fault of a context was at work.</summary>
    public void Count() => Hits++;

    /// <summary>The faults, made anew, because they count.</summary>
    public static IEnumerable<SimFault> All() =>
    [
        new("a lost window update", (f, _, h, p) => h.Kind == FrameKind.Credit ? f.Hit([]) : [(h, p)]),
        new("a window update that grants too much", (f, _, h, p) =>
            h.Kind == FrameKind.Credit ? f.Hit([(h, BitConverter.GetBytes(BitConverter.ToInt32(p) + 2000))]) : [(h, p)]),
        new("a route that is not withdrawn", (f, _, h, p) => h.Kind == FrameKind.ContextGone ? f.Hit([]) : [(h, p)]),
        new("a route that is not announced", (f, _, h, p) => h.Kind == FrameKind.RouteAdded ? f.Hit([]) : [(h, p)]),
        new("a sequence gap: a call given up leaves no mark", (f, _, h, p) =>
            (h.Flags & FrameFlags.Skip) != 0 ? f.Hit([]) : [(h, p)]),
        new("a lost reset", (f, _, h, p) => h.Kind == FrameKind.Reset ? f.Hit([]) : [(h, p)]),
        new("a lost end", (f, _, h, p) => h.IsEnd && h.Kind == FrameKind.Data ? f.Hit([(With(h, flags: h.Flags & ~FrameFlags.End), p)]) : [(h, p)]),
        new("a frame sent twice", (f, _, h, p) => h.Kind == FrameKind.Data && p.Length > 0 ? f.Hit([(h, p), (h, p)]) : [(h, p)]),
        new("two frames of a stream in the wrong order", (_, _, h, p) => [(h, p)]) { Reorders = true },
        new("a frame to the wrong context", (f, _, h, p) =>
            h.Kind is FrameKind.Open && h.Destination > 2 ? f.Hit([(With(h, destination: h.Destination - 1), p)]) : [(h, p)]),
        new("a frame in another's name", (f, _, h, p) =>
            h.Kind is FrameKind.Data or FrameKind.Open && h.Source > 2 ? f.Hit([(With(h, source: h.Source - 1), p)]) : [(h, p)]),
        new("a changed byte", (f, _, h, p) =>
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

    private IEnumerable<(FrameHeader Header, byte[] Body)> Hit(IEnumerable<(FrameHeader Header, byte[] Body)> instead)
    {
        Hits++;
        return instead;
    }

    private List<(FrameHeader Header, byte[] Body)> Reorder(SimPipe pipe, List<(FrameHeader Header, byte[] Body)> batch)
    {
        if (!_held.Remove(pipe, out (FrameHeader Header, byte[] Body, int Age) held))
        {
            int first = batch.FindIndex(f => f.Header.Kind is FrameKind.Data or FrameKind.Open && !f.Header.IsEnd);
            if (first >= 0)
            {
                _held[pipe] = (batch[first].Header, batch[first].Body, 0);
                batch.RemoveAt(first);
                Hits++;
            }

            return batch;
        }

        int next = batch.FindIndex(f => f.Header.Kind == FrameKind.Data && IsSameStream(f.Header, held.Header));
        if (next >= 0)
        {
            batch.Insert(next + 1, (held.Header, held.Body));
        }
        else if (held.Age < MostBatchesHeld)
        {
            _held[pipe] = held with { Age = held.Age + 1 };
        }
        else
        {
            batch.Insert(0, (held.Header, held.Body));
        }

        return batch;
    }

    private static bool IsSameStream(in FrameHeader a, in FrameHeader b) =>
        (a.Stream, a.Source, a.Destination, a.IsFromAcceptor) == (b.Stream, b.Source, b.Destination, b.IsFromAcceptor);
}
