using System.Globalization;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>
/// A tree of kernels joined by links that move in turns, each direction of each by one batch of the largest frame's size: so that what a
/// call waits for is counted in turns and not in time.
/// </summary>
internal sealed class KernelTree
{
    /// <summary>What one direction of a link moves in a turn.</summary>
    public const int BatchSize = FrameHeader.Size + FrameHeader.MaxBody;

    private readonly KernelOptions _options;
    private readonly List<Pipe> _pipes = [];
    private readonly Dictionary<(KernelPeer From, KernelPeer To), Link> _links = [];

    public KernelTree(KernelOptions? options = null)
    {
        _options = options ?? new KernelOptions();
        Root = new KernelPeer(IdLeases.Root, [], _options);
        Peers.Add(Root);
    }

    public KernelPeer Root { get; }

    public List<KernelPeer> Peers { get; } = [];

    /// <summary>A link as the first of two neighbours has it.</summary>
    public Link this[KernelPeer from, KernelPeer to] => _links[(from, to)];

    public KernelPeer Add(KernelPeer parent)
    {
        _ = Root.Kernel.Leases.TryTake(out uint id);
        List<uint> ancestors = [parent.Id];
        for (KernelPeer at = parent; at != Root; ancestors.Insert(0, at.Id))
        {
            at = Above(at);
        }

        KernelPeer child = new(id, ancestors, _options);
        string name = id.ToString(CultureInfo.InvariantCulture);
        Link down = new(LinkRole.Child, id, name) { Driver = parent };
        Link up = new(LinkRole.Parent, parent.Id, $"parent of {name}") { Driver = child };
        for (KernelPeer at = parent; at != Root; at = Above(at))
        {
            this[Above(at), at].Leased.Add(new IdBlock(id, 1));
        }

        Peers.Add(child);
        _links.Add((parent, child), down);
        _links.Add((child, parent), up);
        _pipes.Add(new Pipe(parent, child, down, up));
        _pipes.Add(new Pipe(child, parent, up, down));
        child.Kernel.AddLink(up);
        parent.Kernel.AddLink(down);
        Settle();
        return child;
    }

    /// <summary>A line of contexts below the root; the last one is given.</summary>
    public KernelPeer AddLine(int hops)
    {
        KernelPeer last = Root;
        for (int i = 0; i < hops; i++)
        {
            last = Add(last);
        }

        return last;
    }

    /// <summary>Stops or lets go on one direction of a link.</summary>
    public void Stall(KernelPeer from, KernelPeer to, bool stalled = true) => _pipes.Single(p => p.From == from && p.To == to).IsStalled = stalled;

    /// <summary>Moves one batch in each direction of each link; what arrives goes on in the next turn.</summary>
    /// <returns>Whether anything moved.</returns>
    public bool Turn()
    {
        foreach (Pipe pipe in _pipes)
        {
            pipe.Collect();
        }

        bool moved = false;
        foreach (Pipe pipe in _pipes)
        {
            moved |= pipe.Deliver();
        }

        return moved | EndCutLinks();
    }

    /// <summary>One frame from a context that breaks the rules, as it comes to the other end of one of its links.</summary>
    public void Inject(KernelPeer from, KernelPeer to, FrameHeader header, params byte[] body)
    {
        Pipe.Receive(to, this[to, from], Frames.Of(header, body));
        _ = EndCutLinks();
    }

    /// <summary>Lets time pass for all contexts.</summary>
    public void Pass(long milliseconds)
    {
        foreach (KernelPeer peer in Peers)
        {
            peer.Now += milliseconds;
            if (peer.AlarmTime <= peer.Now)
            {
                peer.Ring();
            }
        }

        _ = EndCutLinks();
    }

    /// <summary>Ends the links on which somebody broke the protocol, as those who move their bytes do.</summary>
    private bool EndCutLinks()
    {
        bool any = false;
        foreach (((KernelPeer from, KernelPeer to), Link link) in _links)
        {
            if (link is { IsClosed: false, Violation: { } violation })
            {
                any = true;
                from.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.ProtocolBroken, violation.Message));
                to.Kernel.LinkLost(this[to, from], new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));
            }
        }

        return any;
    }

    /// <summary>Turns until nothing moves any more.</summary>
    public void Settle(Action? each = null)
    {
        while (Turn())
        {
            each?.Invoke();
        }
    }

    private KernelPeer Above(KernelPeer peer) => _links.Keys.Single(k => k.From == peer && this[k.From, k.To].Role == LinkRole.Parent).To;

    private sealed class Pipe(KernelPeer from, KernelPeer to, Link fromLink, Link toLink)
    {
        private readonly byte[] _batch = new byte[BatchSize];
        private int _count;

        public KernelPeer From => from;

        public KernelPeer To => to;

        public bool IsStalled { get; set; }

        public void Collect()
        {
            _count = IsStalled || fromLink.IsClosed ? 0 : fromLink.Sender.Collect(_batch);
            fromLink.Pulse.Spoke |= _count > 0;
        }

        public bool Deliver()
        {
            if (_count > 0 && !toLink.IsClosed)
            {
                Receive(to, toLink, _batch.AsSpan(0, _count));
            }

            return _count > 0;
        }

        public static void Receive(KernelPeer peer, Link link, ReadOnlySpan<byte> bytes)
        {
            try
            {
                _ = peer.Kernel.Receive(link, bytes);
            }
            catch (ProtocolBrokenException e)
            {
                link.Cut(e.Message);
            }
        }
    }
}
