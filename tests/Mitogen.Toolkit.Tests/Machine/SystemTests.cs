using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Machine;

/// <summary>What a machine says of itself.</summary>
public sealed class SystemTests : LeakCheckedTest
{
    private readonly MitogenRoot _root = MitogenRoot.Create();

    private ISystem System => _root.Get<ISystem>();

    public override async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Facts_are_those_of_the_tools_of_the_machine()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);

        SystemFacts facts = await child.Get<ISystem>().GetFactsAsync(Cancellation);

        Assert.Equal(child.Info.HostName, facts.HostName);
        Assert.Equal(await ToolAsync("uname -r"), facts.Kernel.Release);
        Assert.Equal(await ToolAsync("nproc --all"), $"{facts.Processor.Count}");
        Assert.Equal(await ToolAsync("awk '/^MemTotal/ { print $2 }' /proc/meminfo"), $"{facts.Memory.Total / 1024}");
        Assert.InRange(facts.Memory.Available, 1, facts.Memory.Total);
        Assert.Equal(await ToolAsync(". /etc/os-release; echo \"$ID $VERSION_ID\""), $"{facts.Distribution.Id} {facts.Distribution.Version}");
        Assert.True(facts.Uptime > TimeSpan.Zero);
        Assert.InRange(facts.ProcessCount, 2, int.MaxValue);
        Assert.StartsWith(await ToolAsync("cat /proc/sys/kernel/random/boot_id"), facts.BootId, StringComparison.Ordinal);
        Assert.Contains(facts.Mounts, mount => mount.Path == "/dev/shm" && mount.Total > 0);
        InterfaceFacts loopback = Assert.Single(facts.Interfaces, device => device.Name == "lo");
        Assert.Contains("127.0.0.1/8", loopback.Addresses);
        Assert.True(loopback.IsUp);
        Assert.Equal(await ToolAsync("command -v apt-get >/dev/null && echo apt || echo other"), facts.PackageManager ?? "other");
    }

    [Fact]
    public async Task Users_and_groups_are_listed_and_found()
    {
        UserFacts root = Assert.Single(await System.ListUsersAsync(Cancellation), user => user.Name == "root");
        Assert.Equal((0U, 0U, "/root"), (root.Id, root.GroupId, root.Home));
        Assert.Equal(0U, Assert.Single(await System.ListGroupsAsync(Cancellation), group => group.Name == "root").Id);
        UserFacts found = (await System.FindUserAsync("daemon", Cancellation))!;
        Assert.Equal(await ToolAsync("id -G daemon"), string.Join(' ', found.Groups));
        Assert.Equal("daemon", (await System.FindUserAsync($"{found.Id}", Cancellation))?.Name);
        Assert.Null(await System.FindUserAsync("nobody-at-all", Cancellation));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), (await System.GetEnvironmentAsync(Cancellation))["PATH"]);
    }

    [Fact]
    public async Task Processes_are_listed_and_get_signals()
    {
        await using RemoteProcess sleep = await _root.Get<IProcesses>().StartAsync(new ProcessCommand("sleep", "1000") { Nice = 3 }, Cancellation);

        ProcessList list = await System.ListProcessesAsync(cancellationToken: Cancellation);

        ProcessFacts found = Assert.Single(list.Processes, process => process.Id == sleep.Id);
        Assert.InRange(list.Processes.Count, list.Total - 50, list.Total);
        Assert.Equal(("sleep", 3, Environment.ProcessId), (found.Name, found.Nice, found.Parent));
        Assert.Equal(["sleep", "1000"], found.Arguments);
        Assert.Equal(Environment.UserName, found.UserName);
        Assert.InRange(found.Started, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(10), DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1));
        Assert.Single((await System.ListProcessesAsync(1, Cancellation)).Processes);

        Assert.False(await System.SignalAsync(sleep.Id, ProcessSignal.Kill, found.StartTicks + 1, Cancellation));
        _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => System.SignalAsync(-1, ProcessSignal.Kill, null, Cancellation));
        Assert.True(await System.SignalAsync(sleep.Id, ProcessSignal.User1, found.StartTicks, Cancellation));
        Assert.Equal(ProcessSignal.User1, (await sleep.WaitAsync(Cancellation)).Signal);
        Assert.False(await System.SignalAsync(sleep.Id, ProcessSignal.Kill, found.StartTicks, Cancellation));
    }

    [Fact]
    public async Task A_process_that_goes_meanwhile_is_nobody_elses()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        string program = Path.Combine(Path.GetTempPath(), $"mitogen-{Guid.NewGuid():N}"[..15]);
        File.Copy("/bin/true", program);
        await using (RemoteProcess many = await _root.Get<IProcesses>().StartAsync(
            ProcessCommand.Shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do while :; do \"$1\"; done & done; wait", program) with { User = "nobody" }, Cancellation))
        {
            List<ProcessFacts> seen = [];
            while (seen.Count < 15)
            {
                seen.AddRange((await System.ListProcessesAsync(cancellationToken: Cancellation)).Processes
                    .Where(process => process.Name == Path.GetFileName(program)));
            }

            Assert.All(seen, process => Assert.Equal("nobody", process.UserName));
        }

        File.Delete(program);
    }

    private async Task<string> ToolAsync(string script) => (await _root.Get<IProcesses>().ShellAsync(script, null, Cancellation)).EnsureSuccess().Output.Trim();
}
