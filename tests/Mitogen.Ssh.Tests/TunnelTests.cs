using System.Net;
using System.Net.Sockets;
using System.Text;
using Mitogen.Ssh.Tests.Servers;
using Mitogen.Ssh.Tunnels;
using Mitogen.TestContracts;

namespace Mitogen.Ssh.Tests;

/// <summary>Connections through another context.</summary>
public sealed class TunnelTests(RootServer server) : ServerTest, IClassFixture<RootServer>
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
    public async Task Another_user_who_finds_the_port_gets_nothing_and_takes_nothing_away()
    {
        server.SkipUnlessThere();
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext jump = await root.ConnectAsync(new LocalConnection(), Cancellation);
        SshNetConnection connection = server.Connection with { Via = jump };
        using Tunnel tunnel = await Task.Run(() => Tunnel.Open(connection, Cancellation), Cancellation);

        string Request(string login) =>
            $"CONNECT {connection.Host}:{connection.Port} HTTP/1.0\r\nProxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(login))}\r\n\r\n";
        async Task<string> AskAsync(string login)
        {
            using TcpClient client = new();
            await client.ConnectAsync(tunnel.EndPoint, Cancellation);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Request(login)), Cancellation);
            byte[] answer = new byte[8];
            return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, Cancellation));
        }

        using TcpClient silent = new();
        await silent.ConnectAsync(tunnel.EndPoint, Cancellation);
        Assert.Equal("", await AskAsync($"{tunnel.Login.User}:{new string('0', tunnel.Login.Password.Length)}"));
        Assert.Equal("HTTP/1.0", await AskAsync($"{tunnel.Login.User}:{tunnel.Login.Password}"));
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
