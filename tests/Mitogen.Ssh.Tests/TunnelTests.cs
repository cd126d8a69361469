using System.Net;
using System.Net.Sockets;
using Mitogen.Ssh.Tests.Servers;
using Mitogen.TestContracts;

namespace Mitogen.Ssh.Tests;

/// <summary>Connections through another context.</summary>
public sealed class TunnelTests(SshServer server) : ServerTest, IClassFixture<SshServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_is_started_through_another_one(bool isolated)
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext jump = await root.ConnectAsync(new LocalConnection { Isolated = isolated }, Cancellation);
        IRemoteContext child = await root.ConnectAsync(server.Connection with { Via = jump }, Cancellation);
        string text = new('x', 3 * 1024 * 1024);
        Assert.Equal(text, await child.Get<IProbe>().EchoAsync(text));
        Assert.Same(root.Node.Self, child.Parent);
        await child.DisposeAsync();
        Assert.Equal("well", await jump.Get<IProbe>().EchoAsync("well"));
    }

    [Fact]
    public async Task A_context_is_lost_with_the_one_that_it_goes_through()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext jump = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext child = await root.ConnectAsync(server.Connection with { Via = jump }, Cancellation);
        Task waiting = child.Get<ITrouble>().WaitAsync(Cancellation);
        await jump.DisposeAsync();
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => waiting);
        Assert.Equal(DisconnectKind.LinkBroken, lost.Reason.Kind);
    }

    [Fact]
    public async Task A_closed_port_is_told_as_without_a_tunnel()
    {
        int port;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext jump = await root.ConnectAsync(new LocalConnection(), Cancellation);
        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
            new SshNetConnection("127.0.0.1") { Port = port, Password = "any", Via = jump }, Cancellation));
        Assert.Equal(BootstrapReason.Refused, error.Reason);
    }
}
