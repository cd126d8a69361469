using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Mitogen.Ssh.Tunnels;

/// <summary>
/// A way to a server through another context. The client connects to a port of this process, as to an HTTP proxy, and what goes
/// through there goes on to a socket of that context. Who else finds the port does not know the password that is told first.
/// </summary>
internal sealed class Tunnel : IDisposable
{
    private const string User = "mitogen";

    private static readonly byte[] s_accepted = "HTTP/1.0 200 OK\r\n\r\n"u8.ToArray();

    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Stream _far;
    private readonly byte[] _request;
    private readonly CancellationTokenSource _ended;
    private int _isTaken;

    private Tunnel(SshNetConnection connection, Stream far, CancellationToken givenUp)
    {
        _far = far;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(givenUp);
        string login = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{_password}"));
        _request = Encoding.ASCII.GetBytes(
            $"CONNECT {connection.Host}:{connection.Port} HTTP/1.0\r\nProxy-Authorization: Basic {login}\r\n\r\n");
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the client finds it.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The login that the client tells first.</summary>
    public (string User, string Password) Login => (User, _password);

    /// <summary>Blocks until the other context is connected to the server.</summary>
    /// <param name="connection">Says where to, and through which context.</param>
    /// <param name="givenUp">Ends the wait, and what has come about.</param>
    public static Tunnel Open(SshNetConnection connection, CancellationToken givenUp)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(givenUp);
        timeout.CancelAfter(connection.ConnectTimeout);
        try
        {
            return new Tunnel(
                connection,
                connection.Via!.Get<ITunnelEnd>().OpenAsync(connection.Host, connection.Port, timeout.Token).GetAwaiter().GetResult(),
                givenUp);
        }
        catch (Exception e) when (e.Data[TunnelEnd.CodeKey] is int code)
        {
            throw new SocketException(code, e.Message);
        }
        catch (OperationCanceledException)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        _listener.Dispose();
        try
        {
            _far.Dispose();
        }
        catch (ContextLostException)
        {
            // The context that it goes through is gone, and its end there with it.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_ended.Token).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It is over, or the client has come.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using NetworkStream near = new(socket, ownsSocket: true);
        try
        {
            byte[] request = new byte[_request.Length];
            await near.ReadExactlyAsync(request, _ended.Token).ConfigureAwait(false);
            if (!CryptographicOperations.FixedTimeEquals(request, _request) || Interlocked.Exchange(ref _isTaken, 1) != 0)
            {
                return;
            }

            _listener.Stop();
            await near.WriteAsync(s_accepted, _ended.Token).ConfigureAwait(false);
            _ = await Task.WhenAny(near.CopyToAsync(_far, _ended.Token), _far.CopyToAsync(near, _ended.Token)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client sees its socket closed.
        }
    }
}
