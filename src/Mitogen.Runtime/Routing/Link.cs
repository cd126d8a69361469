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

/// <summary>The kernel's view of one link. Not thread-safe: its owner guards it.</summary>
internal sealed class Link(LinkRole role, uint peer, string name) : LinkEnd
{
    public LinkRole Role { get; } = role;

    /// <summary>The neighbour's id.</summary>
    public uint Peer { get; } = peer;

    /// <summary>The neighbour's name, for logs.</summary>
    public string Name { get; } = name;

    /// <summary>The child that it leads to; <see langword="null"/> for every other role.</summary>
    public KnownContext? Neighbour { get; set; }

    public FrameReader Reader { get; } = new();

    /// <summary>Ids that were leased to this child: only these may be announced through it.</summary>
    public LeasedIds Leased { get; } = new();

    /// <summary>How many ids are to be leased to this child that are still asked for.</summary>
    public long IdsPromised { get; set; }

    /// <summary>Contexts behind this link that broke the protocol: what still comes of them is ignored.</summary>
    public HashSet<uint> Banned { get; } = [];

    /// <summary>
    /// The frames that came from this child and go on to the parent: all together have one turn there, however many streams they are of.
    /// </summary>
    public TurnRing Upward { get; } = new();

    /// <summary>Bytes that came in by this link and wait to be passed on.</summary>
    public long BytesOnTheirWay { get; set; }

    /// <summary>The child's last frame, about its end.</summary>
    public DisconnectReason? LastWord { get; set; }

    /// <summary>Whether the neighbour said that a debugger is attached to it: then its silence means nothing.</summary>
    public bool IsPeerDebugged { get; set; }

    /// <summary>Whether the neighbour was told the same of this context.</summary>
    public bool IsToldOfDebugger { get; set; }

    /// <summary>When something was last received and sent, in milliseconds of the owner's clock.</summary>
    public LinkPulse Pulse;
}
