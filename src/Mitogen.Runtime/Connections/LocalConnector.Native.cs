using Mitogen.Bootstrap;
using Mitogen.Lifetime;

namespace Mitogen.Connections;

/// <content>Contexts that run the program's native executable.</content>
internal sealed partial class LocalConnector
{
    /// <returns>What to start; <see langword="null"/> if that is the managed agent.</returns>
    private NativePayload? ChooseNative(ContextNode node, LocalConnection connection, ContextHandle handle)
    {
        bool isManaged = connection.Isolated || connection.DotNetPath is not null;
        return connection.Payload switch
        {
            Payload.Native when isManaged => throw new ArgumentException(
                "Isolated and DotNetPath are for the managed payload: leave them out, or Payload.Native.", nameof(connection)),
            Payload.Native => program.Payloads.Find(NativePayloads.OwnRid) ?? throw new BootstrapException(
                BootstrapReason.AgentMissing, handle.Name, node.Path, program.Payloads.Missing(NativePayloads.OwnRid)),
            Payload.Auto when program.Payloads.IsOwn && !isManaged => program.Payloads.Find(NativePayloads.OwnRid),
            _ => null,
        };
    }

    private static async Task<ChildContext> StartNativeAsync(
        ContextNode node, LocalConnection connection, ContextHandle handle, uint id, NativePayload payload, byte[] nonce,
        CancellationToken cancellationToken)
    {
        byte[] welcome = Handshake.Write(WelcomeTo(node, connection, handle, id));
        LocalChild child = new(
            node, id, handle, connection.GracePeriod, Launch(node, handle, payload.LocalPath, ContextArguments.For(nonce)), nonce, welcome,
            assemblies: null);
        return await BringUpAsync(node, connection, handle, child, cancellationToken).ConfigureAwait(false);
    }
}
