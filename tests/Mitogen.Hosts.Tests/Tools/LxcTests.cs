using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Tools;

/// <summary>The plain LXC, and the namespaces of its container: what tests of connections by them stand on.</summary>
public sealed class LxcTests(LxcHost lxc) : LeakCheckedTest, IClassFixture<LxcHost>
{
    [Fact]
    public async Task A_command_runs_in_a_container_with_standard_input()
    {
        lxc.SkipUnlessThere();
        ToolResult result = await HostCommand.RunWithInputAsync("in\n", lxc.Command("/bin/sh", "-c", "hostname; cat"));
        Assert.Equal((0, LxcHost.Container + "\nin\n"), (result.Code, result.Output));
    }

    [Fact]
    public async Task A_command_runs_in_the_namespaces_of_its_leader()
    {
        lxc.SkipUnlessThere();
        string leader = await HostCommand.OutputAsync("lxc-info", "-P", lxc.Path, "-n", LxcHost.Container, "-pH");
        Assert.Equal(
            LxcHost.Container,
            await HostCommand.OutputAsync("nsenter", "--all", "--target", leader, "/bin/hostname"));
    }

    [Fact]
    public async Task Its_files_and_processes_are_seen()
    {
        lxc.SkipUnlessThere();
        HostListing before = await HostListing.OfContainerAsync(lxc.Command());
        _ = await HostCommand.OutputAsync(lxc.Command("/bin/touch", "/tmp/left"));
        Assert.Equal(["+ file /tmp/left"], await before.ChangesAsync());
        _ = await HostCommand.OutputAsync(lxc.Command("/bin/rm", "/tmp/left"));
        await before.AssertUnchangedAsync();
    }
}
