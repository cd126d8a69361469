using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>Frames that come in: those for this context, and those to pass on by their header alone.</content>
internal sealed partial class Kernel
{
    /// <summary>Takes what came in on a link.</summary>
    /// <returns>How many frames ended in it.</returns>
    /// <exception cref="ProtocolBrokenException">The neighbour broke the protocol: the owner ends the link.</exception>
    public int Receive(Link link, ReadOnlySpan<byte> bytes)
    {
        int frames = 0;
        link.Pulse.Heard = true;
        _receiving = true;
        try
        {
            while (!link.IsClosed && link.Violation is null && link.LastWord is null && link.Reader.TryRead(ref bytes, out FrameHeader header, out ReadOnlySpan<byte> body))
            {
                frames++;
                if (header.Destination == 0)
                {
                    ReceiveControl(link, header, body);
                }
                else
                {
                    ReceiveTraffic(link, header, body);
                }

                if (_accused.Count > 0)
                {
                    Settle();
                }
            }
        }
        finally
        {
            _receiving = false;
            if (_accused.Count > 0)
            {
                _host.SetAlarm(_host.Now); // the handler of a frame failed before that
            }
        }

        return link.Violation is null || link.IsClosed ? frames : throw link.Violation;
    }

    private void ReceiveTraffic(Link link, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        bool isFromThere = _known.TryGetValue(header.Source, out KnownContext? source) && source.Link == link;
        if (isFromThere && header.Destination == Self)
        {
            ReceiveFrame(link, source!, header, body); // most frames, and what the rules say of them
            return;
        }

        switch (TrafficRules.Decide(link.Role, isFromThere, PlaceOf(header.Destination), header.Kind))
        {
            case Passage.Pass:
                Forward(link, source!, header, body);
                break;
            case Passage.Refuse:
                RefuseUnreachable(link, header);
                break;
            case Passage.Drop:
                DropTraffic(link, isFromThere ? source : null, header);
                break;
            default:
                break; // it crossed the end of whom it is for
        }
    }

    private void ReceiveControl(Link link, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Kind)
        {
            case FrameKind.RouteAdded:
                OnRouteAdded(link, header, body);
                break;
            case FrameKind.ContextGone:
                OnContextGone(link, header, body);
                break;
            case FrameKind.Goodbye:
                if (body.Length != 4)
                {
                    throw new ProtocolBrokenException("A Goodbye frame is malformed.");
                }

                _host.OnGoodbye(link, TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(body)));
                break;
            case FrameKind.Expel:
                OnExpel(link, body);
                break;
            case FrameKind.LastWord:
                OnLastWord(link, body);
                break;
            case FrameKind.Debugged:
                link.IsPeerDebugged = body.Length == 1 ? body[0] != 0 : throw new ProtocolBrokenException("A Debugged frame is malformed.");
                break;
            default:
                break; // KeepAlive, and kinds that a later version adds
        }
    }

    /// <summary>A child's word about its own end. The child may lie about itself; its words about others are not in this frame.</summary>
    private static void OnLastWord(Link link, ReadOnlySpan<byte> body)
    {
        if (link.Role != LinkRole.Child)
        {
            return;
        }

        (uint id, DisconnectReason reason) = ReasonCodec.Read(body);
        if (id != link.Peer || reason.Kind is not (DisconnectKind.Disposed or DisconnectKind.Exited or DisconnectKind.ParentSilent))
        {
            throw new ProtocolBrokenException("A LastWord frame is malformed.");
        }

        link.LastWord = reason;
    }

    private void ReceiveFrame(Link link, KnownContext source, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind == FrameKind.Open)
        {
            ReceiveOpen(link, source, header, body);
            return;
        }

        MuxStream? stream = header.IsFromAcceptor ? FindOpened(source, header.Stream) : source.Streams.FindAccepted(header.Stream);
        if (stream is null)
        {
            return; // it ended here already: the frame crossed that
        }

        if (!stream.IsOpened)
        {
            Drop(link, source, header, $"of stream {header.Stream}, which was not opened to it yet");
            return;
        }

        switch (header.Kind)
        {
            case FrameKind.Data:
                stream.ReceiveData(body, header.IsEnd);
                break;
            case FrameKind.Credit:
                stream.ReceiveCredit(body.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(body) : 0);
                break;
            case FrameKind.Reset:
                ResetCode code = body.IsEmpty ? ResetCode.Malformed : (ResetCode)body[0];
                stream.ReceiveReset(code, body.IsEmpty ? "" : VisibleText.Line(WireText.Read(body[1..], MuxStream.MaxResetText)));
                break;
            default:
                break; // kinds that a later version adds
        }
    }

    private void ReceiveOpen(Link link, KnownContext source, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if ((header.Flags & FrameFlags.Skip) != 0)
        {
            _host.OnSkipped(header.Source, body);
            return;
        }

        if (header.IsFromAcceptor || source.Streams.FindAccepted(header.Stream) is not null)
        {
            Drop(link, source, header, $"an open of stream {header.Stream}, which is open already or not its own");
            return;
        }

        if (Refusal(source) is { } why)
        {
            // Its place in the order of calls counts, as that of a call which was given up.
            _host.OnSkipped(header.Source, body);
            RefuseOpen(link, source, header, why);
            return;
        }

        MuxStream stream = Accept(source, link, header);
        if (_host.Accept(stream) is not { } handler)
        {
            stream.Reset(ResetCode.Refused, "The context is ending.", default);
            return;
        }

        stream.Accept(handler);
        stream.ReceiveData(body, header.IsEnd);
    }

    private void RefuseOpen(Link link, KnownContext source, in FrameHeader header, string why)
    {
        // Refusals are under no credit. Long before they would end the link, whoever causes them answers for it, if it is not the neighbour itself.
        if (source != link.Neighbour && link.Sender.ControlBytes > link.MaxControlBytes / 2)
        {
            Accuse(source, $"Its calls are refused, and it does not take that: more than {link.MaxControlBytes / 2} bytes wait on its way. {why}");
            return;
        }

        byte[] text = WireText.Write(why, MuxStream.MaxResetText);
        link.SendControl(
            new FrameHeader(1 + text.Length, FrameKind.Reset, FrameFlags.FromAcceptor, header.Source, Self, header.Stream), [(byte)ResetCode.Busy, .. text]);
    }

    private void Forward(Link from, KnownContext source, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        KnownContext destination = _known[header.Destination];
        if (destination.Link is not { IsClosed: false } to)
        {
            return; // this context is ending
        }

        // Credit too takes its turn: whoever floods with it would else go before all that others send.
        KnownContext below = source.IsBelow ? source : destination;
        FlowKey key = new(header.Source, header.Destination, header.Stream, header.IsFromAcceptor);
        bool isNew = !below.Flows.TryGetValue(key, out ForwardFlow? flow);
        flow ??= new ForwardFlow(from, below, key);
        if (!flow.TryAppend(header, body))
        {
            Exceed(below.Account!, flow.Resource, FrameHeader.Size + body.Length, PassingText(from, to));
            return;
        }

        if (isNew)
        {
            below.Flows.Add(key, flow);
        }

        if (to.Role == LinkRole.Parent)
        {
            from.Upward.Enqueue(flow);
            to.Sender.Enqueue(from.Upward);
        }
        else
        {
            to.Sender.Enqueue(flow);
        }

        to.Wake();
    }

    private string PassingText(Link from, Link to) =>
        $"More than {Options.MaxForwardedBytes} bytes are on their way from '{from.Name}' to '{to.Name}' without being taken: " +
        "the options MaxOpenStreams, InitialWindow and MaxLinkCredit allow no more.";

    private void DropTraffic(Link link, KnownContext? source, in FrameHeader header)
    {
        if (source is not null)
        {
            Drop(link, source, header, $"for context {header.Destination}, which is neither this one nor above it");
        }
        else if (!link.Banned.Contains(header.Source) && !(header.Kind == FrameKind.Reset && link.Leased.Contains(header.Source)))
        {
            // Not the refusal by a context on the way, in the name of one that has just ended.
            Drop(link, link.Neighbour, header, $"in the name of context {header.Source}, which is not behind it");
        }
    }

    /// <summary>A frame that its sender may not send comes to nothing, and is counted.</summary>
    /// <param name="link">Where it came from.</param>
    /// <param name="source">Who is to blame; <see langword="null"/> where that is above this context.</param>
    /// <param name="header">Its header.</param>
    /// <param name="what">The frame, in words.</param>
    private void Drop(Link link, KnownContext? source, in FrameHeader header, string what)
    {
        _host.OnDropped(link, header, what);
        if (source?.Account is { } account && !account.TryTake(Resource.Dropped, 1))
        {
            Exceed(account, Resource.Dropped, 1, $"More frames that it may not send were dropped than the option MaxDroppedFrames ({Options.MaxDroppedFrames}) allows, the last one {what}.");
        }
    }

    /// <summary>Answers in the name of the context that cannot be reached, so that the caller's stream ends.</summary>
    private static void RefuseUnreachable(Link from, in FrameHeader header)
    {
        byte[] text = WireText.Write($"There is no context {header.Destination}.", MuxStream.MaxResetText);
        FrameFlags side = header.IsFromAcceptor ? FrameFlags.None : FrameFlags.FromAcceptor;
        from.SendControl(
            new FrameHeader(1 + text.Length, FrameKind.Reset, side, header.Source, header.Destination, header.Stream), [(byte)ResetCode.Unreachable, .. text]);
    }
}
