using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <summary>
/// The protocol of one context: its links, its routes and its ends of streams. It takes bytes and says what to send; it has no
/// I/O, no threads and no clock, so that whole trees of it run under simulation.
/// </summary>
/// <remarks>
/// Not thread-safe: its owner guards it. What one frame costs does not grow with what others have open. The
/// end of a context costs what it and those below it hold, which their account bounds; that of a link the same for all behind it.
/// </remarks>
internal sealed partial class Kernel : IStreamOwner
{
    // How long after this context ran again a link that ends has been ended because of that.
    private const int RecentMilliseconds = 10_000;

    private readonly IKernelHost _host;

    // This context, those above it and those below it: with nobody else it exchanges a frame.
    private readonly Dictionary<uint, KnownContext> _known = [];
    private readonly List<KnownContext> _ancestors = [];
    private readonly List<Link> _links = [];

    /// <param name="self">This context's id.</param>
    /// <param name="ancestors">The ids of those above it.</param>
    /// <param name="options">The tree's bounds.</param>
    /// <param name="host">The context.</param>
    public Kernel(uint self, IEnumerable<uint> ancestors, KernelOptions options, IKernelHost host)
    {
        Self = self;
        Options = options;
        _host = host;
        _known.Add(self, new KnownContext(self, null, null, null, options));
        foreach (uint id in ancestors)
        {
            KnownContext ancestor = new(id, null, null, null, options);
            _known.Add(id, ancestor);
            _ancestors.Add(ancestor);
        }

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

    /// <summary>Adds a link. A child's link makes its route, and announces it upward.</summary>
    public void AddLink(Link link)
    {
        _links.Add(link);
        switch (link.Role)
        {
            case LinkRole.Parent:
                Parent = link;
                _ancestors.ForEach(a => a.Link = link);
                break;
            case LinkRole.Child:
                link.MaxControlBytes = Options.MaxControlBytes;
                AddBelow(link.Peer, null, link);
                break;
            default:
                _known[Self].Link = link;
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
        switch (link.Role)
        {
            case LinkRole.Child:
                LoseChild(link, reason);
                break;
            case LinkRole.Parent:
                LoseParent(reason);
                break;
            default:
                _known[Self].Link = null;
                LoseStreams(_known[Self], reason);
                break;
        }
    }

    /// <summary>Says to a neighbour that the link ends in order.</summary>
    public void SendGoodbye(Link link, TimeSpan grace)
    {
        Span<byte> body = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(body, (uint)Math.Clamp(grace.TotalMilliseconds, 0, uint.MaxValue));
        SendControl(link, FrameKind.Goodbye, body);
    }

    /// <summary>Lets a link's time pass: says that this end is alive, if it has said nothing for long.</summary>
    /// <param name="link">The link.</param>
    /// <param name="now">The owner's clock, in milliseconds.</param>
    /// <param name="isDebugged">Whether a debugger is attached to this context: then neither end makes anything of silence.</param>
    /// <returns>Whether the other end still counts as alive; if not, the owner ends the link.</returns>
    public bool Tick(Link link, long now, bool isDebugged = false)
    {
        if (isDebugged != link.IsToldOfDebugger)
        {
            link.IsToldOfDebugger = isDebugged;
            SendControl(link, FrameKind.Debugged, [isDebugged ? (byte)1 : (byte)0]);
        }

        (long silent, long idle) = link.Pulse.Tick(now, Options.TickMilliseconds + (Options.SilenceMilliseconds / 4));
        if (Options.KeepAliveMilliseconds > 0 && idle >= Options.KeepAliveMilliseconds)
        {
            SendControl(link, FrameKind.KeepAlive, default);
        }

        return Options.SilenceMilliseconds == 0 || silent < Options.SilenceMilliseconds || isDebugged || link.IsPeerDebugged;
    }

    /// <summary>
    /// Whether this context did not run for so long that the other end of a link, hearing nothing of it, has ended the link.
    /// </summary>
    public bool WasTooSilent(Link link, long now) => Options.SilenceMilliseconds > 0
        && link.Pulse.Slept(now, RecentMilliseconds) >= Options.SilenceMilliseconds - Options.TickMilliseconds;

    /// <summary>A context's last frame to its parent, as its bytes.</summary>
    /// <param name="self">The context.</param>
    /// <param name="reason">Why it ends: Disposed, Exited or ParentSilent.</param>
    public static byte[] WriteLastWord(uint self, DisconnectReason reason)
    {
        byte[] body = ReasonCodec.Write(self, reason);
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(body.Length, FrameKind.LastWord, FrameFlags.None, 0, self, 0).Write(frame);
        body.CopyTo(frame, FrameHeader.Size);
        return frame;
    }

    public void SendControl(Link link, FrameKind kind, ReadOnlySpan<byte> body) =>
        link.SendControl(new FrameHeader(body.Length, kind, FrameFlags.None, 0, Self, 0), body);

    private void LoseChild(Link link, DisconnectReason reason)
    {
        // The neighbour first: what is below it ends because of it.
        DisconnectReason below = new(DisconnectKind.AncestorLost, $"A context on the way to it, '{link.Name}', is gone: {reason.Message}", reason.ExitCode, reason.LastLines);
        foreach (KnownContext context in link.Neighbour?.Branch() ?? []) // none where the start failed before the link was there
        {
            Gone(context, context == link.Neighbour ? reason : below);
        }

        foreach (uint id in _expelled.Where(e => e.Value.Link == link).Select(e => e.Key).ToArray())
        {
            _ = _expelled.Remove(id);
        }
    }

    private void LoseParent(DisconnectReason reason)
    {
        Parent = null;
        foreach (KnownContext context in _known.Values.ToArray())
        {
            ReleaseFlows(context);
        }

        foreach (KnownContext ancestor in _ancestors)
        {
            ancestor.Link = null;
            LoseStreams(ancestor, reason);
        }
    }
}
