using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>Routes: who is above and below this context, behind which link, and who is told when a context goes away.</content>
internal sealed partial class Kernel
{
    /// <summary>
    /// How many contexts are on the way from the root to the lowest, both counted. A charge that passes all accounts on its way up passes
    /// no more.
    /// </summary>
    public const int MaxDepth = 64;

    /// <summary>The contexts below this one.</summary>
    public IReadOnlyCollection<uint> Routes => [.. _known.Values.Where(c => c.IsBelow).Select(c => c.Id)];

    /// <summary>Bytes that wait here to be passed on.</summary>
    public long BytesOnTheirWay => _links.Sum(l => l.BytesOnTheirWay);

    /// <summary>Which link frames for a context leave by; <see langword="null"/> when there is none, and for contexts beside this one.</summary>
    public Link? RouteTo(uint context) => _known.TryGetValue(context, out KnownContext? known) ? known.Link : null;

    /// <summary>Where a context is.</summary>
    public Place PlaceOf(uint context) =>
        context == Self ? Place.Self
        : !_known.TryGetValue(context, out KnownContext? known) ? Place.Unknown
        : known.IsBelow ? Place.Below
        : Place.Above;

    /// <summary>The account of a context; <see langword="null"/> unless it is below this one.</summary>
    public Account? AccountOf(uint context) => _known.TryGetValue(context, out KnownContext? known) ? known.Account : null;

    /// <summary>Whether a context that is below this one was started by a certain other.</summary>
    public bool IsStartedBy(uint context, uint by) =>
        _known.TryGetValue(context, out KnownContext? known) && known.IsBelow && (known.Above?.Id ?? Self) == by;

    /// <summary>Whether a context is a certain one that is below this one, or is below that.</summary>
    public bool IsAtOrBelow(uint context, uint other)
    {
        _ = _known.TryGetValue(context, out KnownContext? at);
        while (at is { IsBelow: true } && at.Id != other)
        {
            at = at.Above;
        }

        return at is { IsBelow: true };
    }

    private void AddBelow(uint id, KnownContext? above, Link link)
    {
        KnownContext context = new(id, above, link, new Account(id, above?.Account, Options), Options);
        _known.Add(id, context);
        above?.Add(context);
        link.Neighbour ??= context;
        if (Parent is { } parent)
        {
            Span<byte> body = stackalloc byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(body, id);
            BinaryPrimitives.WriteUInt32LittleEndian(body[4..], above?.Id ?? Self);
            SendControl(parent, FrameKind.RouteAdded, body);
        }
    }

    private void OnRouteAdded(Link link, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length != 8)
        {
            throw new ProtocolBrokenException("A RouteAdded frame is malformed.");
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(body);
        uint parent = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        if (link.Role != LinkRole.Child || !link.Leased.TryUse(id) || _known.ContainsKey(id))
        {
            Drop(link, link.Neighbour, header, $"a route to context {id}, which was not leased to it, or is used already");
            return;
        }

        if (link.Banned.Contains(parent))
        {
            _ = link.Banned.Add(id);
            return;
        }

        if (!_known.TryGetValue(parent, out KnownContext? above) || above.Link != link || _ancestors.Count + above.Depth + 3 > MaxDepth)
        {
            Drop(link, link.Neighbour, header, $"a route to context {id} below {parent}, which is not behind it, or at the end of {MaxDepth} contexts");
            return;
        }

        AddBelow(id, above, link);
    }

    private void OnContextGone(Link link, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        (uint id, DisconnectReason reason) = ReasonCodec.Read(body);
        if (link.Banned.Contains(id))
        {
            _ = _expelled.Remove(id);
        }
        else if (link.Role == LinkRole.Child && id != link.Peer && _known.TryGetValue(id, out KnownContext? context) && context.Link == link)
        {
            Gone(context, reason);
        }
        else
        {
            Drop(link, link.Neighbour, header, $"the end of context {id}, which is not behind it");
        }
    }

    /// <summary>Withdraws a route and tells everyone concerned: those above, and this context. Those below it are told by their own ends.</summary>
    private void Gone(KnownContext context, DisconnectReason reason)
    {
        _ = _known.Remove(context.Id);
        _ = _expelled.Remove(context.Id);
        context.Leave();

        // The news goes ahead of what waits: an open of the dead that came behind it would never end.
        ReleaseFlows(context);
        if (Parent is { } parent)
        {
            SendControl(parent, FrameKind.ContextGone, ReasonCodec.Write(context.Id, reason));
        }

        LoseStreams(context, reason);
        _host.OnContextGone(context.Id, reason);
    }

    private static void ReleaseFlows(KnownContext context)
    {
        if (context.FlowCount > 0)
        {
            foreach (ForwardFlow flow in context.Flows.Values.ToArray())
            {
                flow.Clear();
            }
        }
    }
}
