using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>Which neighbour a link leads to.</summary>
internal enum LinkRole
{
    Parent,
    Child,

    /// <summary>This context itself.</summary>
    Loopback,
}

/// <summary>The kernel's view of one link. Everything in it is guarded by the kernel's lock.</summary>
internal sealed class Link(LinkRole role, uint peer, string name) : LinkEnd
{
    public LinkRole Role { get; } = role;

    /// <summary>The neighbour's id.</summary>
    public uint Peer { get; } = peer;

    /// <summary>The neighbour's name, for logs.</summary>
    public string Name { get; } = name;

    public FrameReader Reader { get; } = new();

    /// <summary>Blocks of ids that were leased to this child: only these may be announced through it.</summary>
    public List<IdBlock> Leased { get; } = [];

    /// <summary>Who behind this link knows whom: it is told when one of those goes away.</summary>
    public Acquaintances Acquaintances { get; } = new();

    /// <summary>What waits to be passed on by this link, per stream.</summary>
    public Dictionary<FlowKey, ForwardFlow> Flows { get; } = [];

    /// <summary>Bytes that came in by this link and wait on others, per source. A source without any is not in it.</summary>
    public Dictionary<uint, long> BytesOnTheirWay { get; } = [];

    /// <summary>When something was last received and sent, in milliseconds of the owner's clock.</summary>
    public LinkPulse Pulse;
}
