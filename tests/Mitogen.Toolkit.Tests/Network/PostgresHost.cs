using System.Diagnostics;
using Npgsql;

namespace Mitogen.Toolkit.Tests.Network;

/// <summary>A PostgreSQL of the test in a network of its own, on whose loopback it listens, and at a Unix socket.</summary>
public sealed class PostgresHost : HostFixture
{
    public const string User = "postgres";
    public const int Port = 5432;

    private Process? _server;

    /// <summary>The name of the network, for <c>ip netns</c>.</summary>
    public string Network { get; } = $"mitogen-{Guid.NewGuid():N}"[..15];

    /// <summary>The folder of its socket.</summary>
    public string Sockets => $"{Folder}/sockets";

    protected override string? WhyNot =>
        TestHost.WhyNot("ip", "setpriv") ?? (Programs() is null ? "needs tests/hosts/setup to be run (postgresql)" : null);

    protected override async Task StartAsync()
    {
        _ = Directory.CreateDirectory(Sockets);
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _ = Directory.CreateDirectory($"{Folder}/data");
        _ = await HostCommand.OutputAsync("chown", User, Sockets, $"{Folder}/data");
        string[] asUser = ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", "--"];
        _ = await HostCommand.OutputAsync(
            [.. asUser, $"{Programs()}/initdb", "-D", $"{Folder}/data", "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        _ = await HostCommand.OutputAsync("ip", "netns", "add", Network);
        _ = await HostCommand.OutputAsync("ip", "-n", Network, "link", "set", "lo", "up");
        _server = Process.Start(new ProcessStartInfo("setsid",
        [
            "sh", "-c", $"exec \"$@\" > {Folder}/log 2>&1", "sh", HostCommand.Find("ip")!, "netns", "exec", Network, .. asUser,
            $"{Programs()}/postgres", "-D", $"{Folder}/data", "-k", Sockets, "-h", "127.0.0.1", "-p", $"{Port}", "-F",
        ]))!;
        await Eventually.UntilAsync(
            async () =>
            {
                Assert.False(_server.HasExited, WhyItDidNotStart());
                try
                {
                    await using NpgsqlConnection connection = new($"Host={Sockets};Username={User};Pooling=false");
                    await connection.OpenAsync();
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            WhyItDidNotStart);

        string WhyItDidNotStart() => $"PostgreSQL did not start:\n{(File.Exists($"{Folder}/log") ? File.ReadAllText($"{Folder}/log") : "")}";
    }

    protected override async Task EndAsync()
    {
        if (_server is { } server)
        {
            _ = await HostCommand.RunAsync("kill", "-INT", $"{server.Id}");
            await server.WaitForExitAsync().InTimeAsync();
            server.Dispose();
        }

        _ = await HostCommand.RunAsync("ip", "netns", "delete", Network);
    }

    /// <summary>Debian's folder of the server's programs, which is on no path.</summary>
    private static string? Programs() =>
        Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => $"{version}/bin").LastOrDefault() : null;
}
