#pragma warning disable IDE0011 // the pages are short

using Docker.DotNet;
using Grpc.Net.Client;
using Mitogen.Toolkit.Systemd;
using Npgsql;

namespace Mitogen.Toolkit.Tests.Machine;

/// <summary>The examples of docs/processes.md, network.md and system.md, as they stand there: this file shows that they compile.</summary>
internal static class MachineExamples
{
    public static async Task RunAsync(IRemoteContext host, string folder, CancellationToken token)
    {
        IProcesses processes = host.Get<IProcesses>();
        ProcessResult result = await processes.RunAsync("systemctl", ["is-active", "nginx"], token);
        Console.WriteLine($"{result.Exit.Code}: {result.Output}");

        string release = (await processes.RunAsync("uname", ["-r"], token)).EnsureSuccess().Output;

        ProcessCommand command = ProcessCommand.Shell("tar -cz \"$1\" | sha256sum", folder) with { Timeout = TimeSpan.FromMinutes(5) };
        ProcessResult sum = await processes.RunAsync(command, null, token);

        await using RemoteProcess build = await processes.StartAsync(new ProcessCommand("make", "-j4"), token);
        await foreach (OutputLine line in build.Lines(token)) Console.WriteLine($"{line.Kind}: {line.Text}");
        ProcessExit exit = await build.WaitAsync(token);

        Console.WriteLine($"{release} {sum} {exit}");
    }

    public static async Task ConnectAsync(IRemoteContext host, CancellationToken token)
    {
        INetwork network = host.Get<INetwork>();
        await using RemoteSocketStream stream = await network.DialAsync("db.internal:6379", token);
        await stream.WriteAsync("PING\r\n"u8.ToArray(), token);

        await using RemoteListener listener = await network.ListenAsync("127.0.0.1:0", null, token);
        await using RemoteSocketStream client = await listener.AcceptAsync(token);
        Console.WriteLine($"{client.RemoteAddress} came to {listener.Address}");
    }

    public static async Task ForwardAsync(IRemoteContext host, string folder, CancellationToken token)
    {
        INetwork network = host.Get<INetwork>();

        await using PortForward forward = network.Forward("127.0.0.1:0", "unix:/run/postgresql/.s.PGSQL.5432");
        string port = forward.Address.ToString();
        Console.WriteLine($"{forward.OpenConnections} open, {forward.BytesReceived} bytes from there");

        using HttpClient http = new(new SocketsHttpHandler { ConnectCallback = network.ConnectCallback() });
        string status = await http.GetStringAsync("http://localhost:9100/metrics", token);

        using SocketsHttpHandler handler = new() { ConnectCallback = network.ConnectCallback("unix:/run/app.sock") };
        using GrpcChannel channel = GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = handler });

        await using PortForward docker = network.Forward($"unix:{folder}/docker.sock", "unix:/var/run/docker.sock");
        using DockerClientConfiguration configuration = new(new Uri($"unix://{folder}/docker.sock"));
        using DockerClient containers = configuration.CreateClient();

        await using PortForward db = network.Forward($"unix:{folder}/.s.PGSQL.5432", "unix:/run/postgresql/.s.PGSQL.5432");
        await using NpgsqlDataSource source = NpgsqlDataSource.Create($"Host={folder};Username=shop;Database=shop");

        Console.WriteLine($"{port} {status} {channel} {containers} {source}");
    }

    public static async Task AskAsync(IRemoteContext app, IRemoteContext host, CancellationToken token)
    {
        ISystem system = host.Get<ISystem>();
        SystemFacts facts = await system.GetFactsAsync(token);
        Console.WriteLine($"{facts.Distribution.Name} on {facts.Processor.Count} processors, up {facts.Uptime}");

        ProcessList list = await system.ListProcessesAsync(cancellationToken: token);
        ProcessFacts? old = list.Processes.FirstOrDefault(process => process.Name == "old-daemon");
        bool was = old is not null && await system.SignalAsync(old.Id, ProcessSignal.Terminate, old.StartTicks, token);

        IRemoteContext again = await host.RestartAsync(stop => app.ConnectAsync("ssh://web1+sudo", stop), null, token);
        Console.WriteLine(await again.Get<ISystem>().GetFactsAsync(token));

        ISystemd systemd = host.Get<ISystemd>();
        await systemd.RestartAsync("nginx.service", token);
        foreach (UnitFacts unit in await systemd.ListAsync("*.service", token)) Console.WriteLine($"{unit.Name} {unit.SubState}");

        Console.WriteLine(was);
    }
}
