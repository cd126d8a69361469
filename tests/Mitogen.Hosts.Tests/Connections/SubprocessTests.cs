using System.Globalization;
using Mitogen.NativeProgram;
using Mitogen.Runtime.Tests.Connections;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>What services started ends with their context, on every kind of target, unless it was set free.</summary>
public sealed class SubprocessTests(SshServer server, DockerHost docker) : ConnectionTest, IClassFixture<SshServer>, IClassFixture<DockerHost>
{
    private const string Plain = "exec sleep 1000";
    private const string Stubborn = "trap '' TERM; while :; do sleep 1; done";
    private const string HoldsOutputs = "exec setsid sleep 1000";
    private const string Daemon = "exec setsid sleep 1000 </dev/null >/dev/null 2>&1";

    public static TheoryData<string> Targets => ["local", "ssh", "ssh+sudo", "su", "docker"];

    // Without su, a context of su has its link all the same.
    public static TheoryData<string> LosableTargets => ["local", "ssh", "ssh+sudo", "docker"];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task An_end_in_order_takes_along_what_services_started_and_leaves_daemons(string target)
    {
        await using MitogenRoot root = await CreateRootAsync(target == "docker" ? ExecutableKind.Native : ExecutableKind.Managed);
        List<int> started = [];
        await using (IRemoteContext first = await ConnectAsync(root, target))
        {
            IRemoteContext context = target == "ssh+sudo" ? await first.ConnectAsync(new SudoConnection(), Cancellation) : first;
            IStarter starter = context.Get<IStarter>();
            foreach (string script in (string[])[Plain, Stubborn, HoldsOutputs, Daemon])
            {
                started.Add(await starter.StartAsync(script, script.Contains("setsid", StringComparison.Ordinal)));
            }
        }

        int daemon = started[^1];
        try
        {
            await GoneAsync(target, started[..^1]);
            Assert.True(await IsAliveAsync(target, daemon), "The daemon is gone.");
        }
        finally
        {
            await KillAsync(target, daemon);
        }
    }

    [Theory]
    [MemberData(nameof(LosableTargets))]
    public async Task The_loss_of_the_link_takes_along_what_services_started_and_leaves_daemons(string target)
    {
        await using MitogenRoot root = await CreateRootAsync(target == "docker" ? ExecutableKind.Native : ExecutableKind.Managed);
        await using IRemoteContext first = await ConnectAsync(root, target);
        int tool = ProcessTable.ChildrenOf(Environment.ProcessId).Max();
        IRemoteContext context = target == "ssh+sudo" ? await first.ConnectAsync(new SudoConnection(), Cancellation) : first;
        List<int> started = [];
        foreach (string script in (string[])[Plain, Stubborn, HoldsOutputs, Daemon])
        {
            started.Add(await context.Get<IStarter>().StartAsync(script, script.Contains("setsid", StringComparison.Ordinal)));
        }

        await KillAsync("local", tool);

        try
        {
            await Eventually.UntilAsync(() => context.Disconnected.IsCancellationRequested, () => "The loss was not seen.");

            // A local context is killed itself here, so that nobody looks for what has left its process group.
            await GoneAsync(target, target == "local" ? started[..^2] : started[..^1]);
            Assert.True(await IsAliveAsync(target, started[^1]), "The daemon is gone.");
        }
        finally
        {
            foreach (int left in started)
            {
                await KillAsync(target, left);
            }
        }
    }

    private async Task<IRemoteContext> ConnectAsync(MitogenRoot root, string target)
    {
        switch (target)
        {
            case "local":
                return await root.ConnectAsync(new LocalConnection(), Cancellation);
            case "su":
                TestHost.Needs("su");
                return await root.ConnectAsync(new SuConnection { User = TestHost.FreeUser }, Cancellation);
            case "docker":
                docker.SkipUnlessThere();
                return await root.ConnectAsync(
                    new DockerConnection(docker.Container) { DockerPath = Scripts.Write($"exec docker -H {docker.Address} \"$@\"") }, Cancellation);
            default:
                server.SkipUnlessThere();
                return await root.ConnectAsync(
                    new SshConnection(Sshd.Host)
                    {
                        Port = server.Port,
                        User = TestHost.FreeUser,
                        IdentityFile = server.IdentityFile,
                        KnownHostsFile = server.KnownHostsFile,
                    },
                    Cancellation);
        }
    }

    private async Task GoneAsync(string target, IReadOnlyList<int> ids)
    {
        List<int> left = [];
        await Eventually.UntilAsync(
            async () =>
            {
                left.Clear();
                foreach (int id in ids)
                {
                    if (await IsAliveAsync(target, id))
                    {
                        left.Add(id);
                    }
                }

                return left.Count == 0;
            },
            () => $"Left behind: {string.Join(' ', left)}");
    }

    private async Task<bool> IsAliveAsync(string target, int id) => target == "docker"
        ? (await HostCommand.RunAsync(docker.Command("exec", docker.Container, "grep", "-qv", "^State:.Z", string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status")))).Code == 0
        : ProcessTable.IsAlive(id);

    private async Task KillAsync(string target, int id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        _ = await HostCommand.RunAsync(target == "docker" ? docker.Command("exec", docker.Container, "kill", "-9", number) : ["kill", "-9", number]);
    }
}
