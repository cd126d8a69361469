using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>One direction of a link in this process, whose frames go on when the test says so.</summary>
internal sealed class SteppedLink : ILinkDriver, IDisposable
{
    private readonly CallHub _from;
    private readonly Link _fromLink;
    private readonly CallHub _to;
    private readonly Link _toLink;
    private readonly ILinkDriver _before;
    private readonly SemaphoreSlim _woken = new(0);
    private readonly byte[] _batch = new byte[4 * (FrameHeader.Size + FrameHeader.MaxBody)];

    private SteppedLink(CallHub from, Link fromLink, CallHub to, Link toLink)
    {
        (_from, _fromLink, _to, _toLink) = (from, fromLink, to, toLink);
        using (from.Enter())
        {
            (_before, fromLink.Driver) = (fromLink.Driver, this);
        }
    }

    /// <summary>Takes over the link of a context and one of its children, on which nothing is on its way.</summary>
    public static (SteppedLink Down, SteppedLink Up) Between(ContextNode parent, ContextNode child)
    {
        Link down;
        using (HubLock locked = parent.Hub.Enter())
        {
            down = locked.Kernel.Links.Single(l => l.Role == LinkRole.Child && l.Peer == child.Options.Id);
        }

        Link up;
        using (HubLock locked = child.Hub.Enter())
        {
            up = locked.Kernel.Parent!;
        }

        return (new SteppedLink(parent.Hub, down, child.Hub, up), new SteppedLink(child.Hub, up, parent.Hub, down));
    }

    /// <summary>The same for a child of a root in this process, which may have been called before.</summary>
    public static async Task<(SteppedLink Down, SteppedLink Up)> BetweenAsync(InProcessRoot root, IRemoteContext child)
    {
        (SteppedLink Down, SteppedLink Up) links = Between(root.Node, await ChildNodes.OfAsync(child));

        // One thread moves the frames of all links in turn: when another one's have come, it is done with all that came before.
        await using IRemoteContext other = await root.ConnectAsync(new LocalConnection { Name = "other" }, TestContext.Current.CancellationToken);
        _ = await ChildNodes.OfAsync(other);
        return links;
    }

    /// <summary>Completes when there may be something to send.</summary>
    public Task WokenAsync(CancellationToken cancellationToken) => _woken.WaitAsync(cancellationToken);

    /// <summary>Lets the next frames through, with all that are to be sent at that time.</summary>
    public async Task<List<FrameHeader>> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await WokenAsync(cancellationToken);
            if (Move() is { Count: > 0 } moved)
            {
                return moved;
            }
        }
    }

    /// <summary>Lets everything through that is to be sent now.</summary>
    /// <returns>The headers of the frames.</returns>
    public List<FrameHeader> Move()
    {
        int count;
        using (_from.Enter())
        {
            count = _fromLink.Sender.Collect(_batch);
        }

        using (HubLock locked = _to.Enter())
        {
            _ = locked.Kernel.Receive(_toLink, _batch.AsSpan(0, count));
        }

        return [.. Frames.Read(_batch.AsSpan(0, count)).Select(frame => frame.Header)];
    }

    void ILinkDriver.Wake() => _woken.Release();

    void ILinkDriver.Cut() => _before.Cut();

    /// <summary>Gives the link back.</summary>
    public void Dispose()
    {
        using (_from.Enter())
        {
            _fromLink.Driver = _before;
            _fromLink.Wake();
        }

        _woken.Dispose();
    }
}
