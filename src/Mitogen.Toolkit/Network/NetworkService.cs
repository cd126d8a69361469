using System.Net;
using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>The network of a context.</summary>
[RemoteService]
internal sealed class NetworkService(IRemoteContext self) : INetwork
{
    public async Task<SocketHalves> OpenAsync(NetworkAddress address, DialOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        TimeSpan timeout = (options ?? new DialOptions()).Timeout;
        TimeBound.Check(timeout, nameof(DialOptions.Timeout));
        Socket socket = await SocketDialer.DialAsync(address, timeout, $"{self}", cancellationToken).ConfigureAwait(false);
        try
        {
            return ServedSocket.Serve(socket);
        }
        catch (SocketException e)
        {
            throw SocketDialer.Named(e, $"{address} ended the connection from {self} at once");
        }
    }

    public async Task<RemoteListener> ListenAsync(NetworkAddress address, ListenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ListeningSocket listener = await ListeningSocket.OpenAsync(
            address, options ?? new ListenOptions(), $"{self}", name => Dns.GetHostAddressesAsync(name, cancellationToken)).ConfigureAwait(false);
        return new RemoteListener(listener.Address, new ServedListener(listener));
    }

    public async Task<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false)).Select(address => $"{address}")];
        }
        catch (SocketException e)
        {
            throw SocketDialer.Named(e, $"'{name}' was not found by {self}");
        }
    }

    private sealed class ServedListener(ListeningSocket listener) : IListenerControl
    {
        private readonly CancellationTokenSource _closed = new();

        public async Task<SocketHalves> AcceptAsync(CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, nameof(RemoteListener));
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
            try
            {
                return ServedSocket.Serve(await listener.AcceptAsync(either.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException && _closed.IsCancellationRequested)
            {
                throw new ObjectDisposedException(nameof(RemoteListener), $"Nobody listens at {listener.Address} any more: the listener was disposed.");
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            listener.Dispose();
        }
    }
}
