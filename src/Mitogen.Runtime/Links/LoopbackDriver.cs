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

    /// <summary>Under the lock: lets a context call itself.</summary>
    public static Link Attach(CallHub hub)
    {
        Link link = new(LinkRole.Loopback, hub.Kernel.Self, "itself");
        link.Driver = new LoopbackDriver(hub, link);
        hub.Kernel.AddLink(link);
        return link;
    }

    void ILinkDriver.Wake()
    {
        if (!_waking)
        {
            _waking = true;
            _hub.Defer(this);
        }
    }

    void IDeferred.Run()
    {
        while (MoveBatch())
        {
        }
    }

    /// <summary>One batch at a time: others get the lock while a large message is on its way.</summary>
    private bool MoveBatch()
    {
        using (_hub.Enter())
        {
            _batch ??= new byte[2 * (FrameHeader.Size + FrameHeader.MaxPayload)];
            int count = _link.IsClosed ? 0 : _link.Sender.Collect(_batch);
            _waking = count > 0;
            _ = _hub.Kernel.Receive(_link, _batch.AsSpan(0, count));
            return _waking;
        }
    }
}
