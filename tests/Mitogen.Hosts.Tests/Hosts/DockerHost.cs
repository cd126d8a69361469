using System.Diagnostics;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>
/// A Docker daemon, with an image that has only busybox: the one that runs on this machine, or else one of its own, without networks
/// and with all its data in a folder that goes with it.
/// </summary>
public sealed class DockerHost : HostFixture
{
    public const string Image = "mitogen-busybox";

    private readonly string _prefix = $"mitogen-test-{Guid.NewGuid():N}"[..24];
    private readonly List<string> _containers = [];
    private Process? _daemon;

    /// <summary>Where the daemon listens: the value of <c>DOCKER_HOST</c>, and of docker's argument <c>-H</c>.</summary>
    public string Address { get; private set; } = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";

    /// <summary>A container that sleeps until the end.</summary>
    public string Container { get; private set; } = "";

    protected override string? WhyNot => TestHost.WhyNot("docker", "dockerd", "busybox");

    /// <summary>The command line of docker.</summary>
    public string[] Command(params string[] arguments) => ["docker", "-H", Address, .. arguments];

    /// <summary>The containers that there are, running or not.</summary>
    internal async Task<HostListing> ListContainersAsync() =>
        new((await HostCommand.OutputAsync(Command("ps", "--all", "--quiet"))).Split('\n'), ListContainersAsync);

    /// <summary>Starts a container that sleeps until the end.</summary>
    public async Task<string> StartContainerAsync(params string[] options)
    {
        string name = $"{_prefix}-{_containers.Count}";
        _containers.Add(name);
        _ = await HostCommand.OutputAsync(
            Command(["run", "--detach", "--network", "none", "--name", name, .. options, Image, .. BusyboxRoot.FirstProcess]));
        return name;
    }

    protected override async Task StartAsync()
    {
        if ((await HostCommand.RunAsync(Command("version"))).Code != 0)
        {
            await StartDaemonAsync();
        }

        string root = Path.Combine(Folder, "image");
        await BusyboxRoot.MakeAsync(root);
        _ = await HostCommand.OutputAsync("tar", "-C", root, "-cf", root + ".tar", ".");
        _ = await HostCommand.OutputAsync(Command("import", root + ".tar", Image));
        Container = await StartContainerAsync();
    }

    protected override async Task EndAsync()
    {
        foreach (string container in _containers)
        {
            _ = await HostCommand.RunAsync(Command("rm", "--force", container));
        }

        if (_daemon is { } daemon)
        {
            _ = await HostCommand.RunAsync("kill", $"{daemon.Id}");
            await daemon.WaitForExitAsync().InTimeAsync();
            daemon.Dispose();
        }
        else
        {
            _ = await HostCommand.RunAsync(Command("rmi", Image));
        }
    }

    private async Task StartDaemonAsync()
    {
        Address = $"unix://{Folder}/socket";
        _daemon = Process.Start(new ProcessStartInfo("setsid",
        [
            // Its log goes to a file: nobody reads a pipe of a daemon.
            "sh", "-c", $"exec \"$@\" > {Folder}/log 2>&1", "sh",
            HostCommand.Find("dockerd")!, "--iptables=false", "--ip6tables=false", "--bridge=none", "--data-root", $"{Folder}/data",
            "--exec-root", $"{Folder}/exec", "--pidfile", $"{Folder}/pid", "--host", Address,
        ]))!;
        await Eventually.UntilAsync(
            async () =>
            {
                if (_daemon.HasExited)
                {
                    Assert.Fail(WhyItDidNotStart());
                }

                return (await HostCommand.RunAsync(Command("version"))).Code == 0;
            },
            WhyItDidNotStart);

        string WhyItDidNotStart() =>
            $"dockerd did not start:\n{(File.Exists($"{Folder}/log") ? string.Join('\n', File.ReadLines($"{Folder}/log").TakeLast(10)) : "")}";
    }
}
