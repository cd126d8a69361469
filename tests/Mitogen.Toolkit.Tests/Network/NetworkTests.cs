using System.Net;
using System.Net.Sockets;
using System.Text;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>Sockets of another context.</summary>
public sealed class NetworkTests : LeakCheckedTest
{
    private readonly MitogenRoot _root = MitogenRoot.Create();

    public override async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Another_context_connects_to_tcp_and_unix_sockets()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        await using EchoServer tcp = EchoServer.OnTcp();
        await using EchoServer unix = EchoServer.OnUnix(path);
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        INetwork network = child.Get<INetwork>();

        foreach (NetworkAddress address in (NetworkAddress[])[$"localhost:{tcp.Port}", tcp.Address, $"unix:{path}"])
        {
            await using RemoteSocketStream stream = await network.DialAsync(address, Cancellation);
            byte[] sent = new byte[1_000_000];
            Random.Shared.NextBytes(sent);
            Task writing = Task.Run(
                async () =>
                {
                    await stream.WriteAsync(sent, Cancellation);
                    await stream.CloseWritingAsync();
                },
                Cancellation);
            using MemoryStream received = new();
            await stream.CopyToAsync(received, Cancellation);
            await writing;
            Assert.Equal(sent, received.ToArray());
        }

        File.Delete(path);
    }

    [Fact]
    public async Task Failures_name_the_address_and_the_context()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection { Name = "web" }, Cancellation);
        INetwork network = child.Get<INetwork>();
        int port = FreePort();

        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => network.DialAsync($"127.0.0.1:{port}", Cancellation));
        SocketException missing = await Assert.ThrowsAsync<SocketException>(() => network.DialAsync("unix:/run/no-such-socket", Cancellation));
        SocketException unknown = await Assert.ThrowsAsync<SocketException>(() => network.ResolveAsync("no-such-name.invalid", Cancellation));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.StartsWith($"127.0.0.1:{port} cannot be reached from {child}: ", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith($"unix:/run/no-such-socket cannot be reached from {child}: ", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith($"'no-such-name.invalid' was not found by {child}: ", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", await network.ResolveAsync("localhost", Cancellation));
    }

    [Fact]
    public async Task A_link_that_is_lost_resets_what_was_half_written()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        IRemoteContext middle = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext child = await middle.ConnectAsync(new LocalConnection(), Cancellation);
        RemoteSocketStream stream = await child.Get<INetwork>().DialAsync($"127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}", Cancellation);
        using Socket accepted = await server.AcceptSocketAsync(Cancellation);
        await stream.WriteAsync("half"u8.ToArray(), Cancellation);
        byte[] buffer = new byte[100];
        Assert.Equal(4, await accepted.ReceiveAsync(buffer, Cancellation));

        Assert.True((await _root.Get<IProcesses>().RunAsync("kill", ["-9", $"{middle.Info.ProcessId}"], Cancellation)).Exit.IsSuccess);

        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () => await accepted.ReceiveAsync(buffer, Cancellation));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await Assert.ThrowsAsync<ContextLostException>(async () => await stream.ReadExactlyAsync(buffer, Cancellation));
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_is_reset_by_whoever_gives_it_up()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        RemoteSocketStream stream = await child.Get<INetwork>().DialAsync($"127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}", Cancellation);
        using Socket accepted = await server.AcceptSocketAsync(Cancellation);
        Task<int> reading = stream.ReadAsync(new byte[1], Cancellation).AsTask();

        await stream.ResetAsync();

        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () => await accepted.ReceiveAsync(new byte[1], Cancellation));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        _ = await Record.ExceptionAsync(() => reading.InTimeAsync());
        await stream.ResetAsync();
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Another_context_listens_and_its_connections_come_here()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        await using RemoteListener listener = await child.Get<INetwork>().ListenAsync("127.0.0.1:0", null, Cancellation);
        NetworkAddress.Tcp address = Assert.IsType<NetworkAddress.Tcp>(listener.Address);
        Task<RemoteSocketStream> accepting = listener.AcceptAsync(Cancellation);
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        await using RemoteSocketStream accepted = await accepting;

        await accepted.WriteAsync("welcome"u8.ToArray(), Cancellation);
        await accepted.CloseWritingAsync();
        using StreamReader reader = new(client.GetStream());
        Assert.Equal("welcome", await reader.ReadToEndAsync(Cancellation));
        Assert.Equal(new NetworkAddress.Tcp("127.0.0.1", ((IPEndPoint)client.Client.LocalEndPoint!).Port), accepted.RemoteAddress);
        SocketException taken = await Assert.ThrowsAsync<SocketException>(() => child.Get<INetwork>().ListenAsync(address, null, Cancellation));
        Assert.Contains($"{child} cannot listen at {address}", taken.Message, StringComparison.Ordinal);

        Task<RemoteSocketStream> waiting = listener.AcceptAsync(Cancellation);
        await listener.DisposeAsync();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task The_file_of_a_unix_socket_is_its_owners_and_goes_with_the_listener()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
        }

        // .NET deletes the file of a socket that it made: one that was killed does not.
        if (!File.Exists(path))
        {
            _ = (await _root.Get<IProcesses>().RunAsync(
                "python3", ["-c", "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path], Cancellation)).EnsureSuccess();
        }

        INetwork network = _root.Get<INetwork>();
        await using (RemoteListener listener = await network.ListenAsync($"unix:{path}", null, Cancellation))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            _ = await Assert.ThrowsAsync<SocketException>(() => network.ListenAsync($"unix:{path}", null, Cancellation));
        }

        Assert.False(File.Exists(path));
        await File.WriteAllTextAsync(path, "", Cancellation);
        _ = await Assert.ThrowsAsync<SocketException>(() => network.ListenAsync($"unix:{path}", null, Cancellation));
        Assert.True(File.Exists(path));
        File.Delete(path);
    }

    [Fact]
    public async Task An_http_client_goes_through_another_context()
    {
        int port = FreePort();
        using HttpListener server = new();
        server.Prefixes.Add($"http://localhost:{port}/");
        server.Start();
        Task serving = Task.Run(
            async () =>
            {
                for (int i = 0; i < 2; i++)
                {
                    HttpListenerContext request = await server.GetContextAsync();
                    await request.Response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes(request.Request.Url!.PathAndQuery), Cancellation);
                    request.Response.Close();
                }
            },
            Cancellation);
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        using HttpClient client = new(new SocketsHttpHandler { ConnectCallback = child.Get<INetwork>().ConnectCallback() });

        Assert.Equal("/a?b=c", await client.GetStringAsync($"http://localhost:{port}/a?b=c", Cancellation));
        Assert.Equal("/again", await client.GetStringAsync($"http://localhost:{port}/again", Cancellation));
        await serving;
    }

    [Theory]
    [InlineData("db:5432", "db:5432")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("unix:/run/x", "unix:/run/x")]
    [InlineData("unix:///run/x", "unix:/run/x")]
    [InlineData("unix:@x", "unix:@x")]
    [InlineData("db", null)]
    [InlineData(":80", null)]
    [InlineData("::1:80", null)]
    [InlineData("db:65536", null)]
    [InlineData("unix:x", null)]
    public void Addresses_are_read_as_they_are_written(string text, string? written)
    {
        if (written is null)
        {
            Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => NetworkAddress.Parse(text)).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(written, $"{NetworkAddress.Parse(text)}");
        }
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("@")]
    [InlineData("")]
    public async Task A_unix_socket_has_a_path_that_means_one_file(string path)
    {
        INetwork network = _root.Get<INetwork>();
        NetworkAddress address = new NetworkAddress.Unix(path);

        ArgumentException listening = await Assert.ThrowsAsync<ArgumentException>(() => network.ListenAsync(address, null, Cancellation));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => network.DialAsync(address, Cancellation));

        Assert.Contains($"{address} on {_root}", listening.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("relative"));
    }

    private static int FreePort()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
