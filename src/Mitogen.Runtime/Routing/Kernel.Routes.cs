using System.Buffers.Binary;
using Mitogen.Framing;

namespace Mitogen.Routing;

/// <content>Routes: who is below which child, and who is told when a context goes away.</content>
internal sealed partial class Kernel
{
    /// <summary>Which link frames for a context leave by; <see langword="null"/> when there is none.</summary>
    public Link? RouteTo(uint context) => _routes.TryGetValue(context, out Link? link) ? link : Parent;

    private void AddRoute(uint id, Link link)
    {
        _routes[id] = link;
        if (Parent is { } parent)
        {
            Span<byte> payload = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(payload, id);
            SendControl(parent, FrameKind.RouteAdded, payload);
        }
    }

    private void OnRouteAdded(Link link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4)
        {
            throw new ProtocolViolationException("A RouteAdded frame is malformed.");
        }

        uint id = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (link.Role != LinkRole.Child || !link.Leased.Exists(b => b.Contains(id)) || _routes.ContainsKey(id))
        {
            _host.OnDropped(link, header, $"a route to context {id}, which was not leased to it");
            return;
        }

        AddRoute(id, link);
    }

    private void OnContextGone(Link link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        (uint id, DisconnectReason reason) = ReasonCodec.Read(payload);
        bool isBelow = _routes.TryGetValue(id, out Link? via);
        if (isBelow ? via != link : link.Role != LinkRole.Parent)
        {
            _host.OnDropped(link, header, $"the end of context {id}, which is not behind it");
            return;
        }

        Gone(id, reason);
    }

    /// <summary>Withdraws a route and tells everyone concerned.</summary>
    private void Gone(uint id, DisconnectReason reason)
    {
        bool wasBelow = _routes.Remove(id);
        byte[] payload = ReasonCodec.Write(id, reason);
        foreach (Link link in _links)
        {
            // The news goes ahead of what waits: an open of the dead that came behind it would never end.
            foreach (ForwardFlow flow in link.Flows.Values.Where(f => f.Key.Source == id || f.Key.Destination == id).ToArray())
            {
                flow.Release();
            }

            if (link.Acquaintances.Forget(id) || (wasBelow && link.Role == LinkRole.Parent))
            {
                SendControl(link, FrameKind.ContextGone, payload);
            }
        }

        LoseStreams(s => s.Peer == id, reason);
        _host.OnContextGone(id, reason);
    }
}
