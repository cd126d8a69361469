using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>
/// The protocol of one context: its links, its routes and its ends of streams. It takes bytes and says what to send; it has no
/// I/O, no threads and no clock, so that whole trees of it run under simulation.
/// </summary>
/// <remarks>Not thread-safe: its owner calls everything under one lock.</remarks>
internal sealed partial class Kernel : IStreamOwner
{
    private readonly IKernelHost _host;
    private readonly Dictionary<uint, Link> _routes = [];
    private readonly List<Link> _links = [];

    public Kernel(uint self, KernelOptions options, IKernelHost host)
    {
        Self = self;
        Options = options;
        _host = host;
        if (self == IdLeases.Root)
        {
            Leases.Add(new IdBlock(IdLeases.Root + 1, uint.MaxValue - IdLeases.Root - 1));
        }
    }

    /// <summary>This context's id.</summary>
    public uint Self { get; }

    public KernelOptions Options { get; }

    public IdLeases Leases { get; } = new();

    /// <summary>The link to the parent; <see langword="null"/> in a root.</summary>
    public Link? Parent { get; private set; }

    public IReadOnlyList<Link> Links => _links;

    /// <summary>The contexts below this one.</summary>
    public IReadOnlyCollection<uint> Routes => _routes.Keys;

    /// <summary>Adds a link. A child's link makes its route, and announces it upward.</summary>
    public void AddLink(Link link)
    {
        _links.Add(link);
        switch (link.Role)
        {
            case LinkRole.Parent:
                Parent = link;
                break;
            case LinkRole.Child:
                AddRoute(link.Peer, link);
                break;
            default:
                _routes[Self] = link;
                break;
        }
    }

    /// <summary>A link is over: everything that went through it is told why.</summary>
    public void LinkLost(Link link, DisconnectReason reason)
    {
        if (link.IsClosed)
        {
            return;
        }

        link.IsClosed = true;
        _ = _links.Remove(link);
        link.Sender.Clear();
        foreach (ForwardFlow flow in link.Flows.Values.ToArray())
        {
            flow.Release();
        }

        if (link.Role == LinkRole.Parent)
        {
            Parent = null;
        }

        // The neighbour first: what is below it ends because of it.
        if (link.Role == LinkRole.Child)
        {
            Gone(link.Peer, reason);
            DisconnectReason below = new(DisconnectKind.AncestorLost, $"A context on the way to it, '{link.Name}', is gone: {reason.Message}", reason.ExitCode, reason.LastLines);
            foreach (uint id in _routes.Where(r => r.Value == link).Select(r => r.Key).ToArray())
            {
                Gone(id, below);
            }
        }

        LoseStreams(s => s.Link == link, reason);
    }

    /// <summary>Says to a neighbour that the link ends in order.</summary>
    public void SendGoodbye(Link link, TimeSpan grace)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, (uint)Math.Clamp(grace.TotalMilliseconds, 0, uint.MaxValue));
        SendControl(link, FrameKind.Goodbye, payload);
    }

    /// <summary>Lets a link's time pass: says that this end is alive, if it has said nothing for long.</summary>
    /// <param name="link">The link.</param>
    /// <param name="now">The owner's clock, in milliseconds.</param>
    /// <returns>Whether the other end still counts as alive; if not, the owner ends the link.</returns>
    public bool Tick(Link link, long now)
    {
        (long silent, long idle) = link.Pulse.Tick(now);
        if (Options.KeepAliveMilliseconds > 0 && idle >= Options.KeepAliveMilliseconds)
        {
            SendControl(link, FrameKind.KeepAlive, default);
        }

        return Options.SilenceMilliseconds == 0 || silent < Options.SilenceMilliseconds;
    }

    public void SendControl(Link link, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (!link.IsClosed)
        {
            link.Sender.AddControl(new FrameHeader(payload.Length, kind, FrameFlags.None, 0, Self, 0), payload);
            link.Wake();
        }
    }
}
