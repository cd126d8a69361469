namespace Mitogen.Toolkit;

/// <summary>The network as a context sees it: <c>host.Get&lt;INetwork&gt;()</c>. <see cref="NetworkExtensions"/> has what programs use of it.</summary>
/// <remarks>
/// Safe for use by several threads at once. An address that cannot be reached is a <see cref="System.Net.Sockets.SocketException"/>, which names the
/// address and the context. Each open socket is one stream and one call to its context, of which there are
/// <c>MitogenOptions.MaxOpenStreams</c> (1,024) each.
/// </remarks>
[Remote]
public interface INetwork
{
    /// <summary>Connects to an address from there.</summary>
    /// <param name="address">The address, as the context sees it.</param>
    /// <param name="options">The way; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection. It is closed when both halves are disposed, and reset when the link is lost while it is written to.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer within <see cref="DialOptions.Timeout"/>.</exception>
    Task<SocketHalves> OpenAsync(NetworkAddress address, DialOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Listens at an address there.</summary>
    /// <param name="address">The address, as the context sees it. Port 0 is any free one.</param>
    /// <param name="options">The way; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The listener, which listens until it is disposed or the link is lost.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken, is not there, or may not be used.</exception>
    Task<RemoteListener> ListenAsync(NetworkAddress address, ListenOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Looks a name up as the context does: by its own servers and its own <c>/etc/hosts</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The addresses, in the order in which the context would try them; at least one.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such name, or no server to ask.</exception>
    Task<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken = default);
}
