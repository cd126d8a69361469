using Mitogen.Ssh.Tests.Servers;

namespace Mitogen.Ssh.Tests;

/// <summary>What a server asks that is not the password, and what has expired.</summary>
public sealed class SshNetSecretTests(RootServer server, TwoFactorServer two) : ServerTest, IClassFixture<RootServer>, IClassFixture<TwoFactorServer>
{
    private const string Password = "the-h0sts-password";
    private const string Passphrase = "the-keys-passphrase";

    [Theory]
    [InlineData("Verification code: ", BootstrapReason.UnansweredQuestion)]
    [InlineData("passphrase: ", BootstrapReason.UnansweredQuestion)]
    [InlineData("Current password: ", BootstrapReason.Expired)]
    public async Task A_server_that_asks_for_another_secret_gets_nothing(string question, BootstrapReason reason)
    {
        TestHost.Needs("python3");
        await using AskingServer asking = await AskingServer.StartAsync("keyboard-interactive", question);
        BootstrapException error = await FailAsync(
            new SshNetConnection("127.0.0.1")
            {
                Port = asking.Port,
                User = "nobody-there",
                Password = Password,
                Passphrase = Passphrase,
                HostKeyPolicy = HostKeyPolicy.Ignore,
            });
        Assert.Equal(reason, error.Reason);
        Assert.Contains(reason == BootstrapReason.Expired ? "has expired" : question.Trim(), error.Detail, StringComparison.Ordinal);
        Assert.Contains("ASKED", asking.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("ANSWER", asking.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("PASSWORD", asking.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestHost.StaleUser, false)]
    [InlineData(TestHost.StaleUser, true)]
    [InlineData(TestHost.EndedUser, false)]
    [InlineData(TestHost.EndedUser, true)]
    public async Task What_has_expired_is_told_as_that(string user, bool byKey)
    {
        (_, string password) = server.SkipUnlessThereAreUsers();
        SshNetConnection connection = server.Connection with { User = user };
        BootstrapException error = await FailAsync(byKey ? connection : connection with { IdentityFile = null, Password = password });
        Assert.True(error.Reason == BootstrapReason.Expired, error.ToString());
    }

    [Fact]
    public async Task An_encrypted_key_without_a_passphrase_does_not_get_in_the_way_of_the_password()
    {
        (string user, string password) = server.SkipUnlessThereAreUsers();
        await using MitogenRoot root = MitogenRoot.Create();
        await using IRemoteContext context = await root.ConnectAsync(
            server.Connection with { User = user, Password = password, IdentityFile = server.FileAt("locked") }, Cancellation);
        Assert.Equal(user, context.Info.UserName);
    }

    [Fact]
    public async Task A_server_that_wants_the_password_behind_a_key_says_so()
    {
        (string user, string password) = server.SkipUnlessThereAreUsers();
        two.SkipUnlessThere();
        SshNetConnection connection = new(Sshd.Host)
        {
            Port = two.Port,
            User = user,
            IdentityFile = two.FileAt("id"),
            KnownHostsFile = two.FileAt("known_hosts"),
        };
        BootstrapException error = await FailAsync(connection);
        Assert.True(error.Reason == BootstrapReason.PasswordRequired, error.ToString());
        Assert.Contains("accepts the key", error.Detail, StringComparison.Ordinal);
        await using MitogenRoot root = MitogenRoot.Create();
        await using IRemoteContext context = await root.ConnectAsync(connection with { Password = password }, Cancellation);
        Assert.Equal(user, context.Info.UserName);
    }

    private static async Task<BootstrapException> FailAsync(SshNetConnection connection)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Passphrase, error.ToString(), StringComparison.Ordinal);
        return error;
    }
}
