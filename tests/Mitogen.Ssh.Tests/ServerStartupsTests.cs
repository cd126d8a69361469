using System.Net;
using System.Net.Sockets;
using System.Text;
using Mitogen.Ssh.Tests.Servers;
using Mitogen.TestContracts;

namespace Mitogen.Ssh.Tests;

/// <summary>More logins at once than a server takes: with its default of ten, and with two.</summary>
public sealed class ServerStartupsTests(RootServer server, CrowdedRootServer crowded) : ServerTest, IClassFixture<RootServer>, IClassFixture<CrowdedRootServer>
{
    [Fact]
    public async Task Sixteen_at_once_come_up_behind_a_server_with_its_defaults()
    {
        server.SkipUnlessThere();
        await ComeUpAsync(server.Connection, 16);
    }

    [Fact]
    public async Task Those_that_are_dropped_come_up_later()
    {
        crowded.SkipUnlessThere();
        await ComeUpAsync(crowded.Connection, 8);
        Assert.Contains("past MaxStartups", crowded.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(false, "Exceeded MaxStartups\r\n")]
    [InlineData(false, "Not allowed at this time\r\n")]
    public async Task A_server_that_drops_every_connection_is_told_with_the_setting(bool resets, string says)
    {
        (BootstrapException failure, int count) = await ConnectToAsync(resets, says);
        Assert.Equal(BootstrapReason.Busy, failure.Reason);
        Assert.Contains("MaxStartups", failure.Detail, StringComparison.Ordinal);
        Assert.InRange(count, 2, 10);
    }

    /// <summary>Connects to a server that ends each connection, and counts them.</summary>
    private static async Task<(BootstrapException Failure, int Count)> ConnectToAsync(bool resets, string says)
    {
        using TcpListener dropping = new(IPAddress.Loopback, 0);
        dropping.Start();
        int count = 0;
        Task drops = Task.Run(async () =>
        {
            while (true)
            {
                using Socket socket = await dropping.AcceptSocketAsync(Cancellation);
                _ = await socket.SendAsync(Encoding.ASCII.GetBytes(says), Cancellation);
                socket.LingerState = new LingerOption(enable: resets, 0);
                socket.Shutdown(resets ? SocketShutdown.Receive : SocketShutdown.Send);
                if (!resets)
                {
                    _ = await socket.ReceiveAsync(new byte[1000], Cancellation); // what is not read would reset it
                }

                count++;
            }
        }, Cancellation);
        BootstrapException failure;
        await using (MitogenRoot root = MitogenRoot.Create())
        {
            failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
                new SshNetConnection("127.0.0.1")
                {
                    Port = ((IPEndPoint)dropping.LocalEndpoint).Port,
                    Password = "any",
                    ConnectTimeout = TimeSpan.FromSeconds(3),
                },
                Cancellation));
        }

        dropping.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => drops);
        return (failure, count);
    }

    private static async Task ComeUpAsync(SshNetConnection connection, int count)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext[] contexts = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => root.ConnectAsync(connection, Cancellation)));
        Assert.All(await Task.WhenAll(contexts.Select(context => context.Get<IProbe>().EchoAsync("well"))), answer => Assert.Equal("well", answer));
    }
}
