using System.Net;
using System.Net.Sockets;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>A server of the test that sends back what it gets, and ends when its client does.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _serving;

    private EchoServer(Socket listener)
    {
        _listener = listener;
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public NetworkAddress Address => new NetworkAddress.Tcp("127.0.0.1", Port);

    public static EchoServer OnTcp() => On(new IPEndPoint(IPAddress.Loopback, 0), new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    public static EchoServer OnUnix(string path) =>
        On(new UnixDomainSocketEndPoint(path), new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopped.Dispose();
    }

    private static EchoServer On(EndPoint endPoint, Socket listener)
    {
        listener.Bind(endPoint);
        listener.Listen();
        return new EchoServer(listener);
    }

    private async Task ServeAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(EchoAsync(await _listener.AcceptAsync(_stopped.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            byte[] buffer = new byte[64 * 1024];
            try
            {
                while (await socket.ReceiveAsync(buffer, _stopped.Token) is var count and > 0)
                {
                    for (int sent = 0; sent < count; sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent), _stopped.Token))
                    {
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The client was reset, or the test is over.
            }
        }
    }
}
