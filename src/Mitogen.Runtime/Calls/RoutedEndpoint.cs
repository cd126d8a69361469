using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>A context that this one knows by its calls alone, such as one that was started further down.</summary>
internal sealed class RoutedEndpoint(CallHub hub, uint id) : CallEndpoint(hub)
{
    // Somewhere below the child on the way to it; those above have handles.
    private readonly string? _below = hub.Kernel.RouteTo(id) is { Role: LinkRole.Child } link ? link.Name : null;
    private DisconnectReason? _reason;

    public override uint Id => id;

    public override string Path => $"context {id}";

    public override ErrorSender Sender => _below is null ? new ErrorSender(Path) : new ErrorSender(_below, IsExact: false);

    public override uint Admit(PendingCall call)
    {
        if (_reason is null)
        {
            return id;
        }

        call.Fail(new ContextLostException(Path, _reason));
        return 0;
    }

    /// <summary>Under the lock: the context is gone.</summary>
    public void SetLost(DisconnectReason reason) => _reason = reason;
}
