namespace Mitogen.Toolkit;

/// <summary>What programs use of <see cref="INetwork"/>: streams, forwards, and adapters for clients that others wrote.</summary>
public static class NetworkExtensions
{
    /// <summary>Connects to an address from there.</summary>
    /// <param name="network">Where.</param>
    /// <param name="address">The address, as the context sees it: <c>"db:5432"</c>, <c>"unix:/run/docker.sock"</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer within 30 seconds.</exception>
    public static async Task<RemoteSocketStream> DialAsync(
        this INetwork network, NetworkAddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new RemoteSocketStream(await network.OpenAsync(address, null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// For <see cref="SocketsHttpHandler.ConnectCallback"/>: an HTTP client whose connections begin over there. HTTP/2 and gRPC go the same way.
    /// </summary>
    /// <param name="network">Where.</param>
    /// <param name="address">The address of all connections; <see langword="null"/>: that of each request.</param>
    /// <returns>The callback.</returns>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ConnectCallback(
        this INetwork network, NetworkAddress? address = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return async (context, cancellationToken) => await network.DialAsync(
            address ?? new NetworkAddress.Tcp(context.DnsEndPoint.Host, context.DnsEndPoint.Port), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Listens here, and connects each connection to an address there (<c>ssh -L</c>).</summary>
    /// <param name="network">Where connections go on.</param>
    /// <param name="here">The address here, such as <c>"127.0.0.1:0"</c> or <c>"unix:/tmp/db"</c>.</param>
    /// <param name="there">The address there.</param>
    /// <param name="options">The bounds; <see langword="null"/> for the defaults.</param>
    /// <returns>The forward, which listens until it is disposed.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The address here is taken, is not there, or may not be used.</exception>
    public static PortForward Forward(this INetwork network, NetworkAddress here, NetworkAddress there, ForwardOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(there);
        return PortForward.Start(new Network.LocalEntry(here), new Network.FixedExit(network, there), options);
    }

    /// <summary>Listens there, and connects each connection to an address here (<c>ssh -R</c>).</summary>
    /// <param name="network">Where connections come from.</param>
    /// <param name="there">The address there. Port 0 is any free one.</param>
    /// <param name="here">The address here.</param>
    /// <param name="options">The bounds; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The forward, which listens until it is disposed or the context is lost.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The address there is taken, is not there, or may not be used.</exception>
    public static async Task<PortForward> ForwardBackAsync(
        this INetwork network, NetworkAddress there, NetworkAddress here, ForwardOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(here);
        RemoteListener listener = await network.ListenAsync(there, null, cancellationToken).ConfigureAwait(false);
        return PortForward.Start(new Network.RemoteEntry(listener), new Network.LocalExit(here), options);
    }

    /// <summary>
    /// Listens here as a SOCKS5 proxy, whose connections begin there (<c>ssh -D</c>); names are looked up there. It has no passwords: whoever may connect
    /// to the address here may use it, so listen at a Unix socket where others use this machine.
    /// </summary>
    /// <param name="network">Where connections go on.</param>
    /// <param name="here">The address here.</param>
    /// <param name="options">The bounds; <see langword="null"/> for the defaults.</param>
    /// <returns>The forward, which listens until it is disposed.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The address here is taken, is not there, or may not be used.</exception>
    public static PortForward ForwardSocks(this INetwork network, NetworkAddress here, ForwardOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return PortForward.Start(new Network.LocalEntry(here), new Network.SocksExit(network), options);
    }
}
