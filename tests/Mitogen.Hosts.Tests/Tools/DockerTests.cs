using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Tools;

/// <summary>The plain docker against the test daemon: what tests of connections by docker stand on.</summary>
public sealed class DockerTests(DockerHost docker) : LeakCheckedTest, IClassFixture<DockerHost>
{
    [Theory]
    [InlineData("root")]
    [InlineData(BusyboxRoot.User)]
    public async Task A_command_runs_in_a_container_as_a_user_with_standard_input(string user)
    {
        docker.SkipUnlessThere();
        ToolResult result = await HostCommand.RunWithInputAsync(
            "in\n", docker.Command("exec", "-i", "-u", user, docker.Container, "sh", "-c", "id -un; cat"));
        Assert.Equal((0, user + "\nin\n"), (result.Code, result.Output));
    }

    [Fact]
    public async Task The_image_has_busybox_alone()
    {
        docker.SkipUnlessThere();
        Assert.Equal("no", await HostCommand.OutputAsync(docker.Command(
            "run", "--rm", "--network", "none", DockerHost.Image, "sh", "-c", "which perl python3 dotnet bash || ls /lib* 2> /dev/null || echo no")));
    }

    [Fact]
    public async Task Files_and_processes_of_a_container_are_seen()
    {
        docker.SkipUnlessThere();
        HostListing before = await HostListing.OfContainerAsync(docker.Command("exec", docker.Container));
        await before.AssertUnchangedAsync();
        string sleeper = await HostCommand.OutputAsync(docker.Command(
            "exec", docker.Container, "sh", "-c", "touch /tmp/left /dev/shm/left; sleep 12345 > /dev/null 2>&1 & echo $!"));

        IReadOnlyList<string> changes = await before.ChangesAsync();
        Assert.Equal(3, changes.Count);
        Assert.Equal(["+ file /dev/shm/left", "+ file /tmp/left"], changes.Take(2));
        Assert.EndsWith("sleep 12345", changes[2], StringComparison.Ordinal);

        _ = await HostCommand.OutputAsync(docker.Command(
            "exec", docker.Container, "sh", "-c", $"rm /tmp/left /dev/shm/left; kill {sleeper}"));
        await before.AssertUnchangedAsync();
    }
}
