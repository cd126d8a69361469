using System.Net;
using System.Net.Sockets;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Toolkit.Network;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>Sockets whose halves go to another context, without one.</summary>
public sealed class ServedSocketTests : LeakCheckedTest
{
    [Fact]
    public async Task A_socket_that_is_gone_before_it_is_served_is_closed()
    {
        (Socket near, Socket far) = await PairAsync();
        far.LingerState = new LingerOption(enable: true, 0);
        far.Close();
        Assert.True(near.Poll(TimeSpan.FromMinutes(1), SelectMode.SelectRead));

        _ = Assert.Throws<SocketException>(() => ServedSocket.Serve(near));

        Assert.True(near.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task Each_half_may_be_the_last_one_after_a_reset()
    {
        (Socket near, Socket far) = await PairAsync();
        using (far)
        {
            SocketHalves halves = ServedSocket.Serve(near);
            await halves.Output.WriteAsync("half"u8.ToArray(), Cancellation);

            await halves.Output.DisposeAsync();
            await halves.Input.DisposeAsync();

            byte[] buffer = new byte[10];
            Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(async () =>
            {
                while (await far.ReceiveAsync(buffer, Cancellation) > 0)
                {
                }
            })).SocketErrorCode);
        }
    }

    private static async Task<(Socket Near, Socket Far)> PairAsync()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        Socket near = await SocketDialer.DialAsync(
            new NetworkAddress.Tcp("127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port), TimeSpan.FromMinutes(1), "the test", Cancellation);
        return (near, await server.AcceptSocketAsync(Cancellation));
    }
}
