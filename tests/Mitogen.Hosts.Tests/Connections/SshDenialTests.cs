namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Why a real sshd does not let anybody in, where a key is locked, one key is not enough, or the password is not asked for.</summary>
public sealed class SshDenialTests(SshServer server, TwoFactorServer two)
    : ConnectionTest, IClassFixture<SshServer>, IClassFixture<TwoFactorServer>
{
    private const string Passphrase = "the-keys-passphrase";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_without_its_passphrase_is_told(bool isNamed)
    {
        server.SkipUnlessThere();
        SshConnection ssh = await WithLockedKeyAsync(isNamed);
        string missing = await FailAsync(ssh, BootstrapReason.PasswordRequired);
        Assert.Contains("SshConnection.Passphrase", missing, StringComparison.Ordinal);
        string wrong = await FailAsync(ssh with { Passphrase = "wrong" }, BootstrapReason.PasswordWrong);
        Assert.Contains("SshConnection.Passphrase", wrong, StringComparison.Ordinal);
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(ssh with { Passphrase = Passphrase }, Cancellation);
        await AnswersAsync(context, TestHost.DeniedUser);
    }

    [Fact]
    public async Task A_key_file_that_ssh_cannot_use_is_told()
    {
        server.SkipUnlessThere();
        string open = server.FileAt("open");
        File.Copy(server.FileAt("id"), open, overwrite: true);
        File.SetUnixFileMode(open, (UnixFileMode)0b110_100_100);
        SshConnection ssh = To(server) with { IdentityFile = open };
        Assert.Contains("chmod 600", await FailAsync(ssh, BootstrapReason.AuthenticationFailed), StringComparison.Ordinal);
        Assert.Contains(
            "not there", await FailAsync(ssh with { IdentityFile = server.FileAt("missing") }, BootstrapReason.AuthenticationFailed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("keyboard-interactive")]
    public async Task A_server_that_wants_the_password_behind_a_key_says_so(string second)
    {
        two.SkipUnlessThere();
        SshConnection ssh = To(two) with { IdentityFile = two.FileAt("id"), Options = ["-o", $"PreferredAuthentications=publickey,{second}"] };
        Assert.Contains("accepts the key", await FailAsync(ssh, BootstrapReason.PasswordRequired), StringComparison.Ordinal);
        _ = await FailAsync(ssh with { Password = "wrong" }, BootstrapReason.PasswordWrong);
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(ssh with { Password = TestHost.Password }, Cancellation);
        await AnswersAsync(context, TestHost.DeniedUser);
    }

    [Theory]
    [InlineData("PasswordAuthentication no\n    KbdInteractiveAuthentication no", "PasswordAuthentication no and KbdInteractiveAuthentication no")]
    [InlineData("PreferredAuthentications publickey", "PreferredAuthentications publickey")]
    public async Task A_configuration_that_keeps_ssh_from_asking_is_told(string setting, string told)
    {
        server.SkipUnlessThere();
        string config = server.KnownHosts("not_asking", $"Host *\n    {setting}\n");
        SshConnection ssh = To(server) with { ConfigFile = config, Password = TestHost.Password };
        Assert.Contains(told, await FailAsync(ssh, BootstrapReason.AuthenticationFailed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_for_starts_without_questions_does_not_keep_it_from_asking()
    {
        server.SkipUnlessThere();
        string config = server.KnownHosts("batch", "Host *\n    BatchMode yes\n");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(To(server) with { ConfigFile = config, Password = TestHost.Password }, Cancellation);
        await AnswersAsync(context, TestHost.DeniedUser);
    }

    private static async Task<string> FailAsync(SshConnection connection, BootstrapReason reason)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        return (await FailsAsync(root, connection, reason, await HostListing.OfUsersAsync(TestHost.DeniedUser))).Detail;
    }

    private async Task<SshConnection> WithLockedKeyAsync(bool isNamed)
    {
        string key = server.FileAt("locked-" + Guid.NewGuid().ToString("N"));
        File.Copy(server.FileAt("id"), key);
        File.SetUnixFileMode(key, (UnixFileMode)0b110_000_000);
        _ = await HostCommand.OutputAsync("ssh-keygen", "-q", "-p", "-P", "", "-N", Passphrase, "-f", key);
        return isNamed ? To(server) with { IdentityFile = key }
            : To(server) with { ConfigFile = server.KnownHosts("locked_config", $"Host *\n    IdentityFile {key}\n    IdentitiesOnly yes\n") };
    }

    private static SshConnection To(Sshd at) => new(Sshd.Host)
    {
        Port = at.Port,
        User = TestHost.DeniedUser,
        KnownHostsFile = at.FileAt("known_hosts"),
        ConfigFile = "none",
    };
}
