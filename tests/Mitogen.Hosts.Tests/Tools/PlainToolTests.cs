using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Tools;

/// <summary>The plain sudo, doas and su of the test users: what tests of connections by them stand on.</summary>
public sealed class PlainToolTests : LeakCheckedTest
{
    private const string Marker = "[a marker] ";

    [Fact]
    public async Task Sudo_asks_on_standard_error_and_reads_standard_input()
    {
        TestHost.Needs("sudo", "setpriv");
        HostListing before = await HostListing.OfUsersAsync(TestHost.PasswordUser);
        using AskingProgram asked = AskingProgram.Start([.. As(TestHost.PasswordUser), "sudo", "-S", "-p", Marker, "id", "-un"], terminal: false);
        Assert.Equal(Marker, asked.Next(echoOff: false).Tail);
        Assert.Throws<InvalidOperationException>(() => asked.Child.TryType(TestHost.Password));
        asked.Answer(TestHost.Password);
        Assert.Equal("root\n", await asked.OutputAsync());
        await asked.EndAsync();
        await before.AssertUnchangedAsync();
    }

    [Fact]
    public async Task Sudo_needs_no_password_where_its_rules_say_so()
    {
        TestHost.Needs("sudo", "setpriv");
        string[] sudo = ["sudo", "-n", "-u", TestHost.DeniedUser, "id", "-un"];
        Assert.Equal(TestHost.DeniedUser, await HostCommand.OutputAsync([.. As(TestHost.FreeUser), .. sudo]));
        Assert.Contains("a password is required", (await HostCommand.RunAsync([.. As(TestHost.PasswordUser), .. sudo])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sudo_refuses_a_wrong_password_and_who_is_not_allowed()
    {
        TestHost.Needs("sudo", "setpriv");
        ToolResult wrong = await HostCommand.RunWithInputAsync("wrong\n", [.. As(TestHost.PasswordUser), "sudo", "-S", "-p", Marker, "id"]);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("Sorry, try again.", wrong.Error, StringComparison.Ordinal);
        ToolResult denied = await HostCommand.RunWithInputAsync(
            TestHost.Password + "\n", [.. As(TestHost.DeniedUser), "sudo", "-S", "-p", Marker, "id"]);
        Assert.Contains("not in the sudoers file", denied.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doas_asks_at_the_terminal()
    {
        TestHost.Needs("doas", "setpriv");
        using AskingProgram asked = AskingProgram.Start([.. As(TestHost.PasswordUser), "doas", "id", "-un"]);
        Assert.Contains("password", asked.Next().Tail, StringComparison.Ordinal);
        Assert.True(asked.Child.TryType(TestHost.Password));
        Assert.Equal("root\n", await asked.OutputAsync());
        await asked.EndAsync();
    }

    [Fact]
    public async Task Doas_needs_no_password_or_refuses_as_its_rules_say()
    {
        TestHost.Needs("doas", "setpriv");
        Assert.Equal("root", await HostCommand.OutputAsync([.. As(TestHost.FreeUser), "doas", "-n", "id", "-un"]));
        ToolResult denied = await HostCommand.RunAsync([.. As(TestHost.DeniedUser), "doas", "-n", "id"]);
        Assert.Equal(1, denied.Code);
        Assert.Contains("not permitted", denied.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Su_asks_on_standard_error_and_reads_standard_input(bool right)
    {
        TestHost.Needs("su", "setpriv");
        using AskingProgram asked = AskingProgram.Start([.. As(TestHost.DeniedUser), "su", TestHost.FreeUser, "-c", "id -un"], terminal: false);
        Prompt prompt = asked.Next(echoOff: false);
        Assert.Contains("assword", prompt.Tail, StringComparison.Ordinal);
        asked.Answer(right ? TestHost.Password : "wrong");
        Assert.Equal(right ? TestHost.FreeUser + "\n" : "", await asked.OutputAsync());
        Assert.Equal(right ? 0 : 1, (await asked.Child.Exited).Code);
        await asked.EndAsync();
    }

    private static string[] As(string user) => ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--reset-env"];
}
