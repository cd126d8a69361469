using System.Net.Sockets;

namespace Mitogen.Ssh.Tunnels;

/// <summary>Connects to ports from the context that it is in.</summary>
[RemoteService]
internal sealed class TunnelEnd : ITunnelEnd
{
    public const string CodeKey = "Mitogen.SocketError";

    public async Task<Stream> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException error)
            {
                e.Data[CodeKey] = (int)error.SocketErrorCode;
            }

            throw;
        }
    }
}
