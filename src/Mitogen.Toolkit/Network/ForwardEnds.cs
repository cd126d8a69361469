using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>Where the connections of a forward come from.</summary>
internal interface IForwardEntry : IAsyncDisposable
{
    NetworkAddress Address { get; }

    Task<ForwardSide> AcceptAsync(CancellationToken cancellationToken);
}

/// <summary>Where the connections of a forward go.</summary>
internal interface IForwardExit
{
    Task<ForwardSide> OpenAsync(ForwardSide near, TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>A listener of this process.</summary>
internal sealed class LocalEntry(NetworkAddress address) : IForwardEntry
{
    private readonly ListeningSocket _listener = ListeningSocket.Open(address, new ListenOptions(), "this machine");

    public NetworkAddress Address => _listener.Address;

    public async Task<ForwardSide> AcceptAsync(CancellationToken cancellationToken) =>
        new(await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false));

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return default;
    }
}

/// <summary>A listener of another context.</summary>
internal sealed class RemoteEntry(RemoteListener listener) : IForwardEntry
{
    public NetworkAddress Address => listener.Address;

    public async Task<ForwardSide> AcceptAsync(CancellationToken cancellationToken) =>
        new(await listener.Control.AcceptAsync(cancellationToken).ConfigureAwait(false));

    public async ValueTask DisposeAsync()
    {
        try
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
        catch (ContextLostException)
        {
            // It went with its context.
        }
    }
}

/// <summary>One address there.</summary>
internal sealed class FixedExit(INetwork network, NetworkAddress address) : IForwardExit
{
    public async Task<ForwardSide> OpenAsync(ForwardSide near, TimeSpan timeout, CancellationToken cancellationToken) =>
        new(await network.OpenAsync(address, new DialOptions { Timeout = timeout }, cancellationToken).ConfigureAwait(false));
}

/// <summary>One address here.</summary>
internal sealed class LocalExit(NetworkAddress address) : IForwardExit
{
    public async Task<ForwardSide> OpenAsync(ForwardSide near, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Socket socket = await SocketDialer.DialAsync(address, timeout, "this machine", cancellationToken).ConfigureAwait(false);
        return new ForwardSide(socket);
    }
}
