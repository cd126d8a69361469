using System.Net;
using System.Net.Sockets;

namespace Benchmarks.Network;

/// <summary>Serves each connection by its first byte: sends bytes without end, takes them, or echoes them.</summary>
internal sealed class ByteServer : IDisposable
{
    public const byte Send = (byte)'s';
    public const byte Take = (byte)'t';
    public const byte Echo = (byte)'e';

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ByteServer()
    {
        _listener.Start(1000);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                _ = Task.Run(() => ServeAsync(socket));
            }
        });
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private static async Task ServeAsync(Socket socket)
    {
        byte[] buffer = new byte[256 * 1024];
        socket.NoDelay = true;
        using (socket)
        {
            try
            {
                if (await socket.ReceiveAsync(buffer.AsMemory(0, 1)) == 0)
                {
                    return;
                }

                byte kind = buffer[0];
                while (true)
                {
                    int count = kind == Send ? buffer.Length : await socket.ReceiveAsync(buffer);
                    if (count == 0)
                    {
                        return;
                    }

                    if (kind != Take)
                    {
                        for (int sent = 0; sent < count; sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent)))
                        {
                        }
                    }
                }
            }
            catch (SocketException)
            {
                // The client has seen enough.
            }
        }
    }
}
