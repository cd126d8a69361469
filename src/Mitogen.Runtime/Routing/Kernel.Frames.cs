using System.Buffers.Binary;
using System.Text;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>What comes in: frames of this context's own, and frames to pass on by their header alone.</content>
internal sealed partial class Kernel
{
    /// <summary>Takes what came in on a link.</summary>
    /// <returns>How many frames ended in it.</returns>
    /// <exception cref="ProtocolViolationException">The neighbour broke the protocol: the owner ends the link.</exception>
    public int Receive(Link link, ReadOnlySpan<byte> bytes)
    {
        int frames = 0;
        link.Pulse.Heard = true;
        while (!link.IsClosed && link.Reader.TryRead(ref bytes, out FrameHeader header, out ReadOnlySpan<byte> payload))
        {
            frames++;
            if (header.Destination == 0)
            {
                ReceiveControl(link, header, payload);
            }
            else if (!MayComeFrom(link, header.Source))
            {
                if (header.Kind == FrameKind.Reset && !_routes.ContainsKey(header.Source))
                {
                    continue; // a refusal in the name of a context that is gone: its streams have ended here
                }

                _host.OnDropped(link, header, $"a frame in the name of context {header.Source}, which is not behind it");
            }
            else if (header.Destination == Self)
            {
                ReceiveFrame(link, header, payload);
            }
            else
            {
                Forward(link, header, payload);
            }
        }

        return frames;
    }

    private bool MayComeFrom(Link link, uint source) => link.Role switch
    {
        LinkRole.Child => _routes.TryGetValue(source, out Link? via) && via == link,
        LinkRole.Parent => source != Self && !_routes.ContainsKey(source),
        _ => source == Self,
    };

    private void ReceiveControl(Link link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Kind)
        {
            case FrameKind.RouteAdded:
                OnRouteAdded(link, header, payload);
                break;
            case FrameKind.ContextGone:
                OnContextGone(link, header, payload);
                break;
            case FrameKind.Goodbye:
                if (payload.Length != 4)
                {
                    throw new ProtocolViolationException("A Goodbye frame is malformed.");
                }

                _host.OnGoodbye(link, TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(payload)));
                break;
            default:
                break; // KeepAlive, and kinds that a later version adds
        }
    }

    private void ReceiveFrame(Link link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Kind == FrameKind.Open)
        {
            ReceiveOpen(link, header, payload);
            return;
        }

        MuxStream? stream = header.IsFromAcceptor ? FindOpened(header.Source, header.Stream) : FindAccepted(header.Source, header.Stream);
        if (stream is null)
        {
            return; // it ended here already: the frame crossed that
        }

        switch (header.Kind)
        {
            case FrameKind.Data:
                stream.ReceiveData(payload, header.IsEnd);
                break;
            case FrameKind.Credit:
                stream.ReceiveCredit(payload.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(payload) : 0);
                break;
            case FrameKind.Reset:
                ResetCode code = payload.IsEmpty ? ResetCode.Malformed : (ResetCode)payload[0];
                stream.ReceiveReset(code, payload.IsEmpty ? "" : VisibleText.Line(Encoding.UTF8.GetString(payload[1..])));
                break;
            default:
                break; // kinds that a later version adds
        }
    }

    private void ReceiveOpen(Link link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if ((header.Flags & FrameFlags.Skip) != 0)
        {
            _host.OnSkipped(header.Source, payload);
            return;
        }

        if (header.IsFromAcceptor || FindAccepted(header.Source, header.Stream) is not null)
        {
            _host.OnDropped(link, header, $"stream {header.Stream}, which is open already");
            return;
        }

        if (CountAccepted(header.Source) >= 2 * Options.MaxOpenStreams)
        {
            // Twice, because a reset can be overtaken by the open that it made room for.
            throw new ProtocolViolationException(
                $"Context {header.Source} has more than twice MaxOpenStreams ({Options.MaxOpenStreams}) streams open to this context.");
        }

        MuxStream stream = Rent();
        IStreamHandler? handler = _host.Accept(stream);
        Link back = link.Role == LinkRole.Loopback ? link : RouteTo(header.Source) ?? link;
        AddAccepted(stream, back, header, handler);
        if (handler is null)
        {
            stream.Reset(ResetCode.Refused, "The context is ending.", default);
            return;
        }

        stream.ReceiveData(payload, header.IsEnd);
    }

    private void Forward(Link from, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Kind == FrameKind.Reset && payload is [(byte)ResetCode.Unreachable, ..])
        {
            // Its end is known further up: nobody here has to be told again.
            foreach (Link link in _links)
            {
                _ = link.Acquaintances.Forget(header.Source);
            }
        }

        Link? to = RouteTo(header.Destination);
        if (to is null || to == from || to.IsClosed)
        {
            if (header.Kind is FrameKind.Open or FrameKind.Data)
            {
                RefuseUnreachable(from, header);
                BoundRefusals(from);
            }

            return;
        }

        if (header.Kind == FrameKind.Open)
        {
            // Each side is to hear of the other's end; what else they send each other goes the same way.
            from.Acquaintances.Add(header.Destination, by: header.Source);
            to.Acquaintances.Add(header.Source, by: header.Destination);
        }

        // Credit too takes its turn: whoever floods with it would else go before all that others send.
        FlowKey key = new(header.Source, header.Destination, header.Stream, header.IsFromAcceptor);
        if (!to.Flows.TryGetValue(key, out ForwardFlow? flow))
        {
            flow = new ForwardFlow(from, to, key);
            to.Flows.Add(key, flow);
        }

        flow.Append(header, payload);
        to.Sender.Enqueue(flow);
        to.Wake();
        if (from.Role == LinkRole.Child && from.BytesOnTheirWay[header.Source] > Options.MaxForwardedBytes)
        {
            throw new ProtocolViolationException(
                $"Context {header.Source} has more than {Options.MaxForwardedBytes} bytes on their way through '{from.Name}': " +
                "the options MaxOpenStreams, InitialWindow and MaxLinkCredit allow no more.");
        }
    }

    /// <summary>Refusals are not under credit: a child that causes more of them than it takes is cut off.</summary>
    private void BoundRefusals(Link from)
    {
        if (from.Role == LinkRole.Child && from.Sender.ControlBytes > Options.MaxControlBytes)
        {
            throw new ProtocolViolationException(
                $"'{from.Name}' sends to contexts that are not there and does not take the refusals: more than {Options.MaxControlBytes} bytes wait " +
                $"for it, and the option MaxOpenStreams ({Options.MaxOpenStreams}) allows no more.");
        }
    }

    /// <summary>Answers in the name of the context that cannot be reached, so that the caller's stream ends.</summary>
    private static void RefuseUnreachable(Link from, in FrameHeader header)
    {
        Span<byte> payload = stackalloc byte[64];
        payload[0] = (byte)ResetCode.Unreachable;
        int length = 1 + Encoding.UTF8.GetBytes($"There is no context {header.Destination}.", payload[1..]);
        FrameFlags side = header.IsFromAcceptor ? FrameFlags.None : FrameFlags.FromAcceptor;
        from.Sender.AddControl(new FrameHeader(length, FrameKind.Reset, side, header.Source, header.Destination, header.Stream), payload[..length]);
        from.Wake();
    }
}
