using System.Text.Json;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Samples;

/// <summary>The sample as its users run it: a process, its output and its exit status.</summary>
public sealed class FleetTests(SshServer server, DockerHost docker) : LeakCheckedTest, IClassFixture<SshServer>, IClassFixture<DockerHost>
{
    private readonly string _passwordFile = Path.Combine(Path.GetTempPath(), "test-fleet-" + Guid.NewGuid().ToString("N"));

    private readonly string _kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    public override async ValueTask DisposeAsync()
    {
        File.Delete(_passwordFile);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Gathers_from_all_kinds_of_targets_tells_what_failed_and_leaves_nothing()
    {
        server.SkipUnlessThere();
        docker.SkipUnlessThere();
        FleetProgram.SkipUnlessPublishable();
        await File.WriteAllTextAsync(_passwordFile, TestHost.Password + "\n", Cancellation);
        HostListing users = await HostListing.OfUsersAsync(TestHost.FreeUser, TestHost.PasswordUser, TestHost.DeniedUser);
        HostListing container = await HostListing.OfContainerAsync(docker.Command("exec", docker.Container));
        string ssh = Ssh(TestHost.FreeUser);
        string sudo = Ssh(TestHost.PasswordUser) + "+sudo";
        string inContainer = $"docker://{docker.Container}";
        string denied = Ssh(TestHost.DeniedUser) + "+sudo";
        const string Missing = "docker://no-such-container";

        ToolResult result = await FleetProgram.RunWithExecutableAsync(
            docker.Address, "--json", "--password-file", _passwordFile, "local://", ssh, sudo, inContainer, denied, Missing);

        Assert.True(result.Code == 1, result.ToString());
        Assert.Empty(result.Error);
        Assert.DoesNotContain(TestHost.Password, result.Output, StringComparison.Ordinal);
        JsonElement[] lines = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        Assert.Equal("""{"totals":{"done":4,"failed":2}}""", lines[^1].GetRawText());
        Dictionary<string, JsonElement> targets = lines[..^1].ToDictionary(line => line.GetProperty("target").GetString()!);
        Assert.Equal(6, targets.Count);

        AssertFacts(targets["local://"], "root", Environment.MachineName);
        AssertFacts(targets[ssh], TestHost.FreeUser, Environment.MachineName);
        AssertFacts(targets[sudo], "root", Environment.MachineName);
        AssertFacts(targets[inContainer], "root", await HostCommand.OutputAsync(docker.Command("exec", docker.Container, "hostname")));

        string line = AssertFailed(targets[denied], "sudo", "NotAllowed", "root/ssh-");
        Assert.Contains($"{TestHost.DeniedUser} is not in the sudoers file", line, StringComparison.Ordinal);
        line = AssertFailed(targets[Missing], Missing, "NoSuchContainer", "root");
        Assert.Contains("No such container", line, StringComparison.Ordinal);

        await users.AssertUnchangedAsync();
        await container.AssertUnchangedAsync();
    }

    [Fact]
    public async Task A_root_that_is_killed_at_any_time_leaves_nothing_anywhere()
    {
        server.SkipUnlessThere();
        const string User = "mito-zsh";
        HostListing before = await HostListing.OfUsersAsync(User);
        bool wasSeen = false;

        // Longer and longer, and on a busy machine until it has come so far that there is something to leave.
        for (int milliseconds = 150; milliseconds <= 1_500 || !wasSeen; milliseconds += Math.Min(milliseconds / 2, 250))
        {
            Assert.True(milliseconds < Eventually.Patience.TotalMilliseconds, "It was always killed before anything was started, or after it had ended.");
            using System.Diagnostics.Process root = FleetProgram.Start(Ssh(User), Ssh(User), Ssh(User));
            await Task.Delay(milliseconds, Cancellation);
            wasSeen |= (await before.ChangesAsync()).Count > 0;
            root.Kill();
            await root.WaitForExitAsync(Cancellation);
            await before.AssertUnchangedAsync();
        }
    }

    [Fact]
    public async Task Without_a_terminal_it_prints_plain_lines()
    {
        ToolResult result = await FleetProgram.RunAsync("--parallel", "1", "local://?name=first", "local://?dotnet=/nowhere/dotnet");

        Assert.Equal(1, result.Code);
        Assert.Empty(result.Error);
        string[] lines = result.Output.Split('\n');
        Assert.StartsWith($"local://?name=first: {Environment.UserName}@{Environment.MachineName}, ", lines[0], StringComparison.Ordinal);
        Assert.Contains($", kernel {_kernel}, ", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "local://?dotnet=/nowhere/dotnet: failed at local://: ToolNotFound",
                "",
                "local://?dotnet=/nowhere/dotnet failed at local:// (started by root): ToolNotFound",
                "  Connection.DotNetPath names /nowhere/dotnet, which does not exist.",
                "",
                "1 done, 1 failed",
                "",
            ],
            lines[1..]);
    }

    [Fact]
    public async Task When_all_are_done_the_status_is_0()
    {
        ToolResult result = await FleetProgram.RunAsync("local://");

        Assert.True(result.Code == 0, result.ToString());
        Assert.EndsWith("\n1 done, 0 failed\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage: ")]
    [InlineData("usage: ", "--json")]
    [InlineData("There is no option --jsn.", "--jsn", "local://")]
    [InlineData("--identity needs a value.", "local://", "--identity")]
    [InlineData("--parallel is a number from 1 to 1000.", "--parallel", "0", "local://")]
    [InlineData("The password cannot be read: ", "--password-file", "/nowhere/file", "local://")]
    [InlineData("--ask-password needs a terminal", "--ask-password", "local://")]
    [InlineData("--ask-password and --password-file exclude each other.", "--ask-password", "--password-file", "file", "local://")]
    [InlineData("\n  local://+sudoo\n           ^\n", "local://+sudoo")]
    public async Task Wrong_usage_is_told_and_the_status_is_2(string message, params string[] arguments)
    {
        ToolResult result = await FleetProgram.RunAsync(arguments);

        Assert.Equal(2, result.Code);
        Assert.Empty(result.Output);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private void AssertFacts(JsonElement line, string user, string host)
    {
        JsonElement facts = line.GetProperty("facts");
        Assert.Equal(user, facts.GetProperty("user").GetString());
        Assert.Equal(host, facts.GetProperty("host").GetString());
        Assert.Equal(_kernel, facts.GetProperty("kernel").GetString());
        foreach (string size in (string[])["memoryTotal", "memoryAvailable", "diskTotal", "diskFree", "processes", "uptimeSeconds"])
        {
            Assert.True(facts.GetProperty(size).GetInt64() > 0, size);
        }
    }

    /// <summary>Returns the tool's last lines.</summary>
    private static string AssertFailed(JsonElement line, string hop, string reason, string startedBy)
    {
        JsonElement failure = line.GetProperty("failure");
        Assert.Equal(reason, failure.GetProperty("reason").GetString());
        Assert.Equal(hop, failure.GetProperty("hop").GetString());
        Assert.StartsWith(startedBy, failure.GetProperty("startedBy").GetString(), StringComparison.Ordinal);
        return string.Join('\n', failure.GetProperty("lastLines").EnumerateArray());
    }

    private string Ssh(string user) =>
        $"ssh://{user}@{SshServer.Host}:{server.Port}?config=none&identity={server.IdentityFile}&knownhosts={server.KnownHostsFile}";
}
