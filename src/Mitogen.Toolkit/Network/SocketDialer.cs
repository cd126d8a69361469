using System.Net;
using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>Connects sockets of this process.</summary>
internal static class SocketDialer
{
    private const int HighestPort = 65535;

    public static async Task<Socket> DialAsync(NetworkAddress address, TimeSpan timeout, string context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(timeout);
        Socket socket = Create(address, context, out EndPoint endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, late.Token).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e switch
            {
                SocketException failed => Named(failed, $"{address} cannot be reached from {context}"),
                OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                    new TimeoutException($"{address} did not answer {context} within {timeout}."),
                _ => e,
            };
        }
    }

    public static Socket Create(NetworkAddress address, string context, out EndPoint endPoint)
    {
        if (address is NetworkAddress.Unix unix)
        {
            // A relative path would mean a file somewhere, of which a listener knows neither its permissions nor that it is to be deleted.
            string path = unix.Path is ['@' or '/', _, ..] ? unix.Path : "";
            try
            {
                endPoint = new UnixDomainSocketEndPoint(path.StartsWith('@') ? "\0" + path[1..] : path);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException(
                    $"{address} on {context} is no Unix socket: its path is absolute, or @ and a name for an abstract one, and has up to 107 bytes.", e);
            }

            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        }

        (string host, int port) = (NetworkAddress.Tcp)address;
        if (string.IsNullOrEmpty(host) || port is < 0 or > HighestPort)
        {
            throw new ArgumentException($"'{address}' is no address: a port is from 0 to 65535, and a host has a name.");
        }

        // One family where the address says it: a machine without IPv6 has no socket for both.
        endPoint = IPAddress.TryParse(host, out IPAddress? ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port);
        Socket socket = ip is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        return socket;
    }

    /// <summary>The failure with the address and the context in its words.</summary>
    public static SocketException Named(SocketException error, string what) => new((int)error.SocketErrorCode, $"{what}: {error.Message}");
}
