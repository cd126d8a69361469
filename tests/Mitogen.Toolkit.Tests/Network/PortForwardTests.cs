using System.Net;
using System.Net.Sockets;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>Forwarded connections.</summary>
public sealed class PortForwardTests : LeakCheckedTest
{
    private readonly MitogenRoot _root = MitogenRoot.Create();

    public override async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_forward_counts_connections_and_bytes()
    {
        await using EchoServer server = EchoServer.OnTcp();
        INetwork network = await StartAsync();
        await using PortForward forward = network.Forward("127.0.0.1:0", server.Address);

        byte[][] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => EchoAsync(forward.Address, 100_000 + i)));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => 100_000 + i), all.Select(bytes => bytes.Length));
        await Eventually.UntilAsync(() => forward.OpenConnections == 0);
        Assert.Equal((20, 0), (forward.TotalConnections, forward.FailedConnections));
        Assert.Equal((2_000_190, 2_000_190), (forward.BytesSent, forward.BytesReceived));
    }

    [Fact]
    public async Task A_forward_back_goes_the_other_way()
    {
        await using EchoServer server = EchoServer.OnTcp();
        INetwork network = await StartAsync();
        await using PortForward forward = await network.ForwardBackAsync("127.0.0.1:0", server.Address, null, Cancellation);

        Assert.Equal(5_000, (await EchoAsync(forward.Address, 5_000)).Length);
    }

    [Fact]
    public async Task A_socks_client_says_where_it_wants_to_go()
    {
        await using EchoServer server = EchoServer.OnTcp();
        INetwork network = await StartAsync();
        List<Exception> failures = [];
        await using PortForward forward = network.ForwardSocks("127.0.0.1:0", new ForwardOptions { OnFailure = failures.Add });

        string script = $$"""
            import socket, struct, sys
            def dial(kind, address, port):
                s = socket.create_connection(("127.0.0.1", {{((NetworkAddress.Tcp)forward.Address).Port}}))
                s.sendall(b"\x05\x02\x00\x02")
                assert s.recv(2) == b"\x05\x00"
                s.sendall(b"\x05\x01\x00" + kind + address + struct.pack(">H", port))
                return s, s.recv(10)[1]
            for kind, address in ((b"\x01", bytes([127, 0, 0, 1])), (b"\x03", b"\x09localhost")):
                s, code = dial(kind, address, {{server.Port}})
                assert code == 0, code
                s.sendall(b"hello")
                s.shutdown(socket.SHUT_WR)
                assert s.recv(100) == b"hello"
            s, code = dial(b"\x01", bytes([127, 0, 0, 1]), 1)
            print(code)
            """;
        ProcessResult result = (await _root.Get<IProcesses>().RunAsync("python3", ["-c", script], Cancellation)).EnsureSuccess();

        Assert.Equal("5\n", result.Output);
        await Eventually.UntilAsync(() => forward.OpenConnections == 0);
        Assert.Contains("127.0.0.1:1 cannot be reached", Assert.IsType<SocketException>(Assert.Single(failures)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_connections_are_open_than_the_bound_says()
    {
        await using EchoServer server = EchoServer.OnTcp();
        INetwork network = await StartAsync();
        await using PortForward forward = network.Forward("127.0.0.1:0", server.Address, new ForwardOptions { MaxConnections = 2 });
        using TcpClient first = await ConnectAsync(forward.Address);
        using TcpClient second = await ConnectAsync(forward.Address);
        await Eventually.UntilAsync(() => forward.OpenConnections == 2);
        Task<byte[]> third = EchoAsync(forward.Address, 10);

        // Both have answered since the third one came, and it still waits.
        foreach (TcpClient client in (TcpClient[])[first, second])
        {
            await client.GetStream().WriteAsync("x"u8.ToArray(), Cancellation);
            Assert.Equal(1, await client.GetStream().ReadAsync(new byte[1], Cancellation));
        }

        Assert.Equal(2, forward.TotalConnections);
        first.Close();
        Assert.Equal(10, (await third.InTimeAsync()).Length);
    }

    [Fact]
    public async Task A_forward_without_an_answer_resets_its_client()
    {
        INetwork network = await StartAsync();
        await using PortForward forward = network.Forward("127.0.0.1:0", "unix:/run/no-such-socket");
        using TcpClient client = await ConnectAsync(forward.Address);

        IOException reset = await Assert.ThrowsAsync<IOException>(async () => await client.GetStream().ReadExactlyAsync(new byte[1], Cancellation));

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(reset.InnerException).SocketErrorCode);
        await Eventually.UntilAsync(() => forward.FailedConnections == 1);
    }

    [Fact]
    public async Task A_forward_back_ends_with_its_context()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        await using PortForward forward = await child.Get<INetwork>().ForwardBackAsync("127.0.0.1:0", "127.0.0.1:1", null, Cancellation);

        await child.DisposeAsync();

        // A context disposes its listeners before it goes.
        Exception? end = await Record.ExceptionAsync(() => forward.Ended.InTimeAsync());
        Assert.True(end is ContextLostException or ObjectDisposedException, $"{end}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_of_one_side_is_a_reset_of_the_other_one(bool isBack)
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        NetworkAddress address = new NetworkAddress.Tcp("127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port);
        INetwork network = await StartAsync();
        await using PortForward forward = isBack
            ? await network.ForwardBackAsync("127.0.0.1:0", address, null, Cancellation)
            : network.Forward("127.0.0.1:0", address);
        foreach (bool clientResets in (bool[])[true, false])
        {
            using TcpClient client = await ConnectAsync(forward.Address);
            using Socket accepted = await server.AcceptSocketAsync(Cancellation);
            (Socket resets, Socket hears) = clientResets ? (client.Client, accepted) : (accepted, client.Client);
            byte[] buffer = new byte[100];
            _ = await resets.SendAsync("half"u8.ToArray(), Cancellation);
            Assert.Equal(4, await hears.ReceiveAsync(buffer, Cancellation));

            resets.LingerState = new LingerOption(enable: true, 0);
            resets.Close();

            SocketException reset = await Assert.ThrowsAsync<SocketException>(async () => await hears.ReceiveAsync(buffer, Cancellation));
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    [Theory]
    [InlineData(64_000_000)]
    [InlineData(300_000)] // all of it is on its way, and so is its end
    public async Task Disposal_ends_while_nobody_reads(int size)
    {
        string path = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        INetwork network = await StartAsync();
        PortForward forward = network.Forward("127.0.0.1:0", $"unix:{path}");
        using TcpClient client = await ConnectAsync(forward.Address);
        using Socket accepted = await server.AcceptAsync(Cancellation);
        Task writing = Task.Run(
            async () =>
            {
                await client.GetStream().WriteAsync(new byte[size], Cancellation);
                client.Client.Shutdown(SocketShutdown.Send);
            },
            Cancellation);
        await Eventually.UntilAsync(() => forward.BytesSent >= 300_000);

        await forward.DisposeAsync().AsTask().InTimeAsync();

        Assert.Equal(0, forward.OpenConnections);
        _ = await Record.ExceptionAsync(() => writing);
        File.Delete(path);
    }

    [Fact]
    public async Task Disposal_ends_when_the_context_does_not_answer()
    {
        await using EchoServer server = EchoServer.OnTcp();
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        IProcesses processes = _root.Get<IProcesses>();
        PortForward forward = child.Get<INetwork>().Forward(
            "127.0.0.1:0", server.Address, new ForwardOptions { CloseTimeout = TimeSpan.FromMilliseconds(50) });
        using TcpClient client = await ConnectAsync(forward.Address);
        await client.GetStream().WriteAsync("x"u8.ToArray(), Cancellation);
        await client.GetStream().ReadExactlyAsync(new byte[1], Cancellation);
        _ = (await processes.RunAsync("kill", ["-STOP", $"{child.Info.ProcessId}"], Cancellation)).EnsureSuccess();

        await forward.DisposeAsync().AsTask().InTimeAsync();

        IOException reset = await Assert.ThrowsAsync<IOException>(async () => await client.GetStream().ReadExactlyAsync(new byte[1], Cancellation));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(reset.InnerException).SocketErrorCode);
        _ = (await processes.RunAsync("kill", ["-CONT", $"{child.Info.ProcessId}"], Cancellation)).EnsureSuccess();
        await Eventually.UntilAsync(() => forward.OpenConnections == 0);
    }

    [Fact]
    public async Task A_socks_client_that_is_refused_gets_the_answer_and_then_the_end()
    {
        INetwork network = await StartAsync();
        await using PortForward forward = network.ForwardSocks("127.0.0.1:0");
        using TcpClient client = await ConnectAsync(forward.Address);
        NetworkStream stream = client.GetStream();

        // What comes behind the request, and is never read, would make the close a reset as well.
        await stream.WriteAsync((byte[])[5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 1, .. "early"u8], Cancellation);
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer, Cancellation);

        Assert.Equal(5, answer[3]);
        Assert.Equal(0, await stream.ReadAsync(answer, Cancellation));
        client.Close();
        await Eventually.UntilAsync(() => forward.FailedConnections == 1 && forward.OpenConnections == 0);
    }

    private static async Task<TcpClient> ConnectAsync(NetworkAddress address)
    {
        (string host, int port) = (NetworkAddress.Tcp)address;
        TcpClient client = new();
        await client.ConnectAsync(host, port, Cancellation);
        return client;
    }

    private static async Task<byte[]> EchoAsync(NetworkAddress address, int size)
    {
        using TcpClient client = await ConnectAsync(address);
        byte[] sent = new byte[size];
        Random.Shared.NextBytes(sent);
        Task writing = Task.Run(
            async () =>
            {
                await client.GetStream().WriteAsync(sent, Cancellation);
                client.Client.Shutdown(SocketShutdown.Send);
            },
            Cancellation);
        using MemoryStream received = new();
        await client.GetStream().CopyToAsync(received, Cancellation);
        await writing;
        Assert.Equal(sent, received.ToArray());
        return received.ToArray();
    }

    private async Task<INetwork> StartAsync() => (await _root.ConnectAsync(new LocalConnection(), Cancellation)).Get<INetwork>();
}
