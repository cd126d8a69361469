using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>A context that this one knows by its calls alone, such as one that was started further down.</summary>
internal sealed class RoutedEndpoint(in HubLock locked, CallHub hub, uint id) : CallEndpoint(hub)
{
    private readonly string? _below = NearestAbove(locked, hub, id);
    private DisconnectReason? _reason;

    public override uint Id => id;

    public override string Path => $"context {id}";

    public override ErrorSender Sender => _below is null ? new ErrorSender(Path) : new ErrorSender(_below, IsExact: false);

    public override uint Admit(in HubLock locked, PendingCall call)
    {
        if (_reason is null)
        {
            return id;
        }

        call.Fail(locked, new ContextLostException(Path, _reason));
        return 0;
    }

    /// <summary>The nearest of the contexts on the way to it whose path is known: it is somewhere below that. Those above this one have handles.</summary>
    private static string? NearestAbove(in HubLock locked, CallHub hub, uint id)
    {
        for (Account? above = locked.Kernel.AccountOf(id)?.Above; above is not null; above = above.Above)
        {
            if (hub.Peers.Find(locked, above.Owner) is { Sender.IsExact: true } known and not RoutedEndpoint)
            {
                return known.Path;
            }
        }

        return locked.Kernel.RouteTo(id) is { Role: LinkRole.Child } link ? link.Name : null;
    }

    /// <summary>The context is gone.</summary>
    public void SetLost(in HubLock locked, DisconnectReason reason)
    {
        _reason = reason;
        TellLostPosts(locked);
    }
}
