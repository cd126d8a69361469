using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Tools;

/// <summary>The plain ssh against the test server: what tests of connections by ssh stand on.</summary>
public sealed class SshTests(SshServer server) : LeakCheckedTest, IClassFixture<SshServer>
{
    public static TheoryData<string> Users => [.. TestHost.ShellUsers];

    [Theory]
    [MemberData(nameof(Users))]
    public async Task Every_user_logs_in_by_key_and_leaves_nothing(string user)
    {
        server.SkipUnlessThere();
        HostListing before = await HostListing.OfUsersAsync(user);
        Assert.Equal(user, await HostCommand.OutputAsync(server.Command(user, "id -un")));
        await before.AssertUnchangedAsync();
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task Every_user_logs_in_by_password(string user)
    {
        server.SkipUnlessThere();
        using AskingProgram asked = AskingProgram.Start([.. WithoutKey(user), "id -un"]);
        Prompt prompt = asked.Next();
        Assert.True(prompt.EchoOff);
        Assert.Contains(user, prompt.Tail, StringComparison.Ordinal);
        Assert.True(asked.Child.TryType(TestHost.Password));
        Assert.Equal(user + "\n", await asked.OutputAsync());
        Assert.Equal(0, (await asked.Child.Exited).Code);
        Assert.DoesNotContain(asked.Child.LastStderrLines, line => line.Contains(TestHost.Password, StringComparison.Ordinal));
        await asked.EndAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_asked_for_again_in_the_same_words()
    {
        server.SkipUnlessThere();
        using AskingProgram asked = AskingProgram.Start([.. WithoutKey(TestHost.DeniedUser), "id -un"]);
        Prompt first = asked.Next();
        Assert.True(asked.Child.TryType("wrong"));
        Assert.Equal(first, asked.Next());
        Assert.True(asked.Child.TryType(TestHost.Password));
        Assert.Equal(TestHost.DeniedUser + "\n", await asked.OutputAsync());
        Assert.Contains("Permission denied, please try again.", asked.Child.LastStderrLines);
        await asked.EndAsync();
    }

    [Fact]
    public async Task An_unknown_and_a_changed_host_key_are_refused()
    {
        server.SkipUnlessThere();
        foreach (string file in (string[])[server.EmptyHostsFile, server.ChangedHostsFile])
        {
            string[] command = [.. server.Command(TestHost.DeniedUser, "id").Select(argument =>
                argument.StartsWith("UserKnownHostsFile", StringComparison.Ordinal) ? $"UserKnownHostsFile={file}" : argument)];
            ToolResult result = await HostCommand.RunAsync([command[0], "-o", "BatchMode=yes", .. command[1..]]);
            Assert.Equal(255, result.Code);
            Assert.Contains("Host key verification failed.", result.Error, StringComparison.Ordinal);
        }
    }

    private string[] WithoutKey(string user)
    {
        string[] command = server.Command(user);
        return [command[0], "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=password", .. command[1..]];
    }
}
