using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>Moves the frames that a context sends to itself: the same bytes as between processes, without a thread.</summary>
internal sealed class LoopbackDriver : ILinkDriver, IDeferred
{
    private readonly CallHub _hub;
    private readonly Link _link;
    private byte[]? _batch;

    // Guarded by the hub's lock.
    private bool _waking;

    private LoopbackDriver(CallHub hub, Link link)
    {
        _hub = hub;
        _link = link;
    }

    /// <summary>Lets a context call itself.</summary>
    public static Link Attach(in HubLock locked, CallHub hub)
    {
        Link link = new(LinkRole.Loopback, locked.Kernel.Self, "itself");
        link.Driver = new LoopbackDriver(hub, link);
        locked.Kernel.AddLink(link);
        return link;
    }

    void ILinkDriver.Wake()
    {
        if (!_waking)
        {
            _waking = true;
            _hub.Held().Defer(this);
        }
    }

    /// <summary>A context does not break the protocol with itself; what it could not take ends the link as any other.</summary>
    void ILinkDriver.Cut() => _hub.Held().Defer(this);

    void IDeferred.Run()
    {
#pragma warning disable CA1031 // whatever the frames of one call do here, the thread is that of another one
        try
        {
            while (MoveBatch())
            {
            }
        }
        catch (Exception e)
        {
            using (HubLock locked = _hub.Enter())
            {
                locked.Kernel.LinkLost(_link, new DisconnectReason(
                    DisconnectKind.ProtocolBroken, $"A frame of the context to itself could not be taken: {e.Message}"));
            }

            _hub.Host.OnFailure(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>One batch at a time: others get the lock while a large message is on its way.</summary>
    private bool MoveBatch()
    {
        using (HubLock locked = _hub.Enter())
        {
            _batch ??= new byte[2 * (FrameHeader.Size + FrameHeader.MaxBody)];
            int count = _link.IsClosed ? 0 : _link.Sender.Collect(_batch);
            _waking = count > 0;
            _ = locked.Kernel.Receive(_link, _batch.AsSpan(0, count));
            return _waking;
        }
    }
}
