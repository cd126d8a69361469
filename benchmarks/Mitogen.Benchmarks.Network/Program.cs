using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Benchmarks.Network;
using Mitogen;
using Mitogen.Toolkit;

// Forward beside "ssh -L", and small calls beside 1,000 open sockets, all to one server of this process through one sshd:
// dotnet run -c Release --project benchmarks/Mitogen.Benchmarks.Network -- CONNECTION -- SSH_ARGUMENT... (those that reach the same host)
return await MitogenApp.RunAsync(args, async app =>
{
    int split = Array.IndexOf(args, "--");
    if (split < 1)
    {
        Console.Error.WriteLine("usage: CONNECTION -- SSH_ARGUMENT...");
        return 2;
    }

    using ByteServer server = new();
    await using IRemoteContext host = await app.ConnectAsync(args[0]);
    INetwork network = host.Get<INetwork>();
    await using PortForward forward = network.Forward("127.0.0.1:0", new NetworkAddress.Tcp("127.0.0.1", server.Port));
    int ours = ((NetworkAddress.Tcp)forward.Address).Port;
    int theirs = FreePort();
    string route = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{theirs}:127.0.0.1:{server.Port}");
    await using SshTunnel ssh = new(route, args[(split + 1)..]);
    await WaitForAsync(theirs);
    Dictionary<string, List<double>> results = [];
    void Add(string name, double value)
    {
        (results.TryGetValue(name, out List<double>? values) ? values : results[name] = []).Add(value);
    }

    for (int round = 0; round < 5; round++)
    {
        foreach ((string name, int port) in ((string, int)[])[("ssh -L", theirs), ("Forward", ours)])
        {
            Add($"{name}: from there, MB/s", await ReceiveAsync(port));
            Add($"{name}: to there, MB/s", await SendAsync(port));
            Add($"{name}: round trip, us", await PingAsync(port));
        }
    }

    ISystem system = host.Get<ISystem>();
    Add("call, idle: p99, us", await CallsAsync(system));
    List<RemoteSocketStream> open = [];
    for (int i = 0; i < 1000; i++)
    {
        RemoteSocketStream stream = await network.DialAsync(new NetworkAddress.Tcp("127.0.0.1", server.Port));
        await stream.WriteAsync(new[] { ByteServer.Echo });
        open.Add(stream);
    }

    Add("call, 1,000 sockets open: p99, us", await CallsAsync(system));
    using CancellationTokenSource stop = new();
    Task[] talking = [.. open.Select(stream => TalkAsync(stream, stop.Token))];
    Add("call, 1,000 sockets that each echo 10 times a second: p99, us", await CallsAsync(system));
    await stop.CancelAsync();
    await Task.WhenAll(talking);
    foreach (RemoteSocketStream stream in open)
    {
        await stream.DisposeAsync();
    }

    foreach ((string name, List<double> values) in results)
    {
        values.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {values[values.Count / 2]:0.0} ({values[0]:0.0} to {values[^1]:0.0})"));
    }

    return 0;
});

static async Task<double> ReceiveAsync(int port)
{
    const long Bytes = 400_000_000;
    using Socket socket = await ConnectAsync(port, ByteServer.Send);
    byte[] buffer = new byte[256 * 1024];
    Stopwatch clock = Stopwatch.StartNew();
    for (long received = 0; received < Bytes;)
    {
        received += await socket.ReceiveAsync(buffer);
    }

    return Bytes / 1e6 / clock.Elapsed.TotalSeconds;
}

static async Task<double> SendAsync(int port)
{
    const long Bytes = 400_000_000;
    using Socket socket = await ConnectAsync(port, ByteServer.Take);
    byte[] buffer = new byte[256 * 1024];
    Stopwatch clock = Stopwatch.StartNew();
    for (long sent = 0; sent < Bytes;)
    {
        sent += await socket.SendAsync(buffer);
    }

    // The end comes back when the other side has taken all.
    socket.Shutdown(SocketShutdown.Send);
    _ = await socket.ReceiveAsync(buffer);
    return Bytes / 1e6 / clock.Elapsed.TotalSeconds;
}

static async Task<double> PingAsync(int port)
{
    const int Pings = 1000;
    using Socket socket = await ConnectAsync(port, ByteServer.Echo);
    byte[] buffer = new byte[1];
    Stopwatch clock = Stopwatch.StartNew();
    for (int i = 0; i < Pings; i++)
    {
        _ = await socket.SendAsync(buffer);
        _ = await socket.ReceiveAsync(buffer);
    }

    return clock.Elapsed.TotalMicroseconds / Pings;
}

static async Task<double> CallsAsync(ISystem system)
{
    const int Calls = 3000;
    List<double> times = [];
    for (int i = 0; i < Calls; i++)
    {
        long start = Stopwatch.GetTimestamp();
        _ = await system.SignalAsync(int.MaxValue, ProcessSignal.Continue); // a call that does next to nothing
        times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }

    times.Sort();
    return times[Calls * 99 / 100];
}

static async Task TalkAsync(RemoteSocketStream stream, CancellationToken stop)
{
    byte[] buffer = new byte[1];
    await Task.Delay(Random.Shared.Next(100), CancellationToken.None);
    while (!stop.IsCancellationRequested)
    {
        await stream.WriteAsync(buffer, CancellationToken.None);
        _ = await stream.ReadAsync(buffer, CancellationToken.None);
        await Task.Delay(100, CancellationToken.None);
    }
}

static async Task<Socket> ConnectAsync(int port, byte kind)
{
    Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    await socket.ConnectAsync(IPAddress.Loopback, port);
    _ = await socket.SendAsync(new[] { kind });
    return socket;
}

static async Task WaitForAsync(int port)
{
    while (true)
    {
        try
        {
            using Socket socket = await ConnectAsync(port, ByteServer.Take);
            return;
        }
        catch (SocketException)
        {
            await Task.Delay(50);
        }
    }
}

static int FreePort()
{
    using TcpListener free = new(IPAddress.Loopback, 0);
    free.Start();
    return ((IPEndPoint)free.LocalEndpoint).Port;
}
