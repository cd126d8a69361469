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
    public static void Attach(CallHub hub)
    {
        Link link = new(LinkRole.Loopback, hub.Kernel.Self, "itself");
        link.Driver = new LoopbackDriver(hub, link);
        hub.Kernel.AddLink(link);
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
        using (_hub.Enter())
        {
            _batch ??= new byte[2 * (FrameHeader.Size + FrameHeader.MaxPayload)];
            for (int count; (count = _link.Sender.Collect(_batch)) > 0;)
            {
                _hub.Kernel.Receive(_link, _batch.AsSpan(0, count));
            }

            _waking = false;
        }
    }
}
