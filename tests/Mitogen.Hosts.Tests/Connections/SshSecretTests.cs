namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Real ssh with servers that ask for what is not theirs, and with hosts on the way that ask as well.</summary>
public sealed class SshSecretTests(SshServer server) : ConnectionTest, IClassFixture<SshServer>
{
    private const string Password = "the-h0sts-password";
    private const string Passphrase = "the-keys-passphrase";

    [Theory]
    [InlineData("passphrase: ")]
    [InlineData("Enter passphrase for key 'KEY': ")]
    [InlineData("\nEnter passphrase for key 'KEY': ")]
    [InlineData("Verification code: ")]
    public async Task A_server_that_asks_for_another_secret_than_the_password_gets_nothing(string question)
    {
        Needs();
        string key = await MakeKeyAsync();
        await using AskingServer asking = await AskingServer.StartAsync("publickey,keyboard-interactive", question.Replace("KEY", key, StringComparison.Ordinal));
        BootstrapException failure = await FailAsync(
            To(asking) with { Password = Password, Passphrase = Passphrase, IdentityFile = key }, BootstrapReason.UnansweredQuestion);
        Assert.Contains(question.Trim().Split(' ')[0], failure.Detail, StringComparison.Ordinal);
        Assert.Contains("ASKED", asking.Said, StringComparison.Ordinal);
        AssertGotNothing(asking);
    }

    [Fact]
    public async Task A_server_is_not_asked_what_it_asks_where_there_is_no_password()
    {
        Needs();
        string key = await MakeKeyAsync();
        await using AskingServer asking = await AskingServer.StartAsync("publickey,password,keyboard-interactive", "passphrase: ");
        _ = await FailAsync(To(asking) with { Passphrase = Passphrase, IdentityFile = key }, BootstrapReason.AuthenticationFailed);
        Assert.DoesNotContain("ASKED", asking.Said, StringComparison.Ordinal);
        AssertGotNothing(asking);
    }

    [Theory]
    [InlineData("password", "")]
    [InlineData("keyboard-interactive", "Password: ")]
    [InlineData("keyboard-interactive", "\nmito-bash@127.0.0.1's password: ")]
    [InlineData("keyboard-interactive", "\n(mito-bash@127.0.0.1) Password: ")]
    public async Task A_host_on_the_way_does_not_get_the_password(string methods, string question)
    {
        Needs();
        await using AskingServer jump = await AskingServer.StartAsync(methods, question);
        string config = Jump(jump.Port, Sshd.Host == "127.0.0.1" ? "localhost" : "", "    StrictHostKeyChecking no\n");
        foreach (string? passphrase in (string?[])[null, Passphrase])
        {
            BootstrapException failure = await FailAsync(
                new SshConnection("target") { ConfigFile = config, Password = TestHost.Password, Passphrase = passphrase }, BootstrapReason.PasswordRequired);
            Assert.Contains("other@localhost", failure.Detail, StringComparison.Ordinal);
        }

        AssertGotNothing(jump);
    }

    [Theory]
    [InlineData("password", "ProxyJump jump")]
    [InlineData("keyboard-interactive", "ProxyJump jump")]
    [InlineData("password", "ProxyCommand ssh -F CONFIG -W %h:%p jump")]
    [InlineData("keyboard-interactive", "ProxyCommand ssh -F CONFIG -W %h:%p jump")]
    public async Task A_host_on_the_way_that_has_the_name_of_the_target_does_not_get_the_password(string methods, string way)
    {
        Needs();
        await using AskingServer jump = await AskingServer.StartAsync(methods);
        string config = Jump(jump.Port, Sshd.Host, "    StrictHostKeyChecking no\n");
        await File.WriteAllTextAsync(
            config,
            (await File.ReadAllTextAsync(config, Cancellation))
                .Replace("User other", "User " + TestHost.DeniedUser, StringComparison.Ordinal)
                .Replace("ProxyJump jump", way.Replace("CONFIG", config, StringComparison.Ordinal), StringComparison.Ordinal),
            Cancellation);
        BootstrapException failure = await FailAsync(
            new SshConnection("target") { ConfigFile = config, Password = TestHost.Password }, BootstrapReason.PasswordRequired);
        Assert.Contains("HostKeyAlias", failure.Detail, StringComparison.Ordinal);
        AssertGotNothing(jump);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_on_the_way_whose_key_is_not_known_is_named(bool withPassword)
    {
        Needs();
        await using AskingServer jump = await AskingServer.StartAsync("password");
        BootstrapException failure = await FailAsync(
            new SshConnection("target") { ConfigFile = Jump(jump.Port, "localhost", ""), Password = withPassword ? Password : null }, BootstrapReason.HostKeyUnknown);
        Assert.Matches("localhost|jump", failure.Detail);
        Assert.Contains("StrictHostKeyChecking", failure.Detail, StringComparison.Ordinal);
        AssertGotNothing(jump);
    }

    [Fact]
    public async Task The_host_behind_another_one_gets_its_password()
    {
        Needs();
        string config = Jump(server.Port, "localhost", $"    IdentityFile {server.IdentityFile}\n    StrictHostKeyChecking no\n    User mito-dash\n");
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(
            new SshConnection("target") { ConfigFile = config, Password = TestHost.Password }, Cancellation);
        await AnswersAsync(context, TestHost.DeniedUser);
    }

    [Fact]
    public async Task Of_two_encrypted_keys_each_is_asked_for_and_neither_gets_in_the_way_of_the_password()
    {
        Needs();
        string folder = Directory.CreateTempSubdirectory("test-keys-").FullName;
        try
        {
            // The server accepts the first, which has another passphrase.
            string first = Path.Combine(folder, "first");
            string second = Path.Combine(folder, "second");
            File.Copy(server.FileAt("id"), first);
            File.SetUnixFileMode(first, (UnixFileMode)0b110_000_000);
            _ = await HostCommand.OutputAsync("ssh-keygen", "-q", "-p", "-P", "", "-N", "another one", "-f", first);
            File.Copy(server.FileAt("id"), second);
            File.SetUnixFileMode(second, (UnixFileMode)0b110_000_000);
            _ = await HostCommand.OutputAsync("ssh-keygen", "-q", "-p", "-P", "", "-N", Passphrase, "-f", second);

            await using MitogenRoot root = await CreateRootAsync();
            SshConnection ssh = To(TestHost.DeniedUser) with { Options = ["-i", first, "-i", second, "-o", "IdentitiesOnly=yes"] };
            await using IRemoteContext byKey = await root.ConnectAsync(ssh with { Passphrase = Passphrase }, Cancellation);
            await AnswersAsync(byKey, TestHost.DeniedUser);
            await using IRemoteContext byPassword = await root.ConnectAsync(
                To(TestHost.DeniedUser) with { IdentityFile = first, Password = TestHost.Password }, Cancellation);
            await AnswersAsync(byPassword, TestHost.DeniedUser);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_the_configuration_has_for_logins_by_hand_is_no_matter()
    {
        Needs();
        string config = server.KnownHosts(
            "by_hand", "Host *\n    LogLevel QUIET\n    StdinNull yes\n    SessionType none\n    RequestTTY force\n    RemoteCommand true\n    ForkAfterAuthentication yes\n");
        SshConnection ssh = To(TestHost.DeniedUser) with { ConfigFile = config };
        await using MitogenRoot root = await CreateRootAsync();
        await using IRemoteContext context = await root.ConnectAsync(ssh with { IdentityFile = server.IdentityFile }, Cancellation);
        await AnswersAsync(context);
        _ = await FailAsync(ssh with { IdentityFile = server.FileAt("other") }, BootstrapReason.AuthenticationFailed);
    }

    [Fact]
    public async Task Forwards_and_local_commands_of_the_configuration_are_left_to_logins_by_hand()
    {
        Needs();
        string ran = Runtime.Tests.Connections.Scripts.NewPath();
        using System.Net.Sockets.TcpListener taken = new(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        string config = server.KnownHosts(
            "forwarding",
            $"Host *\n    LocalForward 127.0.0.1:{port} localhost:1\n    RemoteForward 127.0.0.1:{port} localhost:1\n    ExitOnForwardFailure yes\n    PermitLocalCommand yes\n    LocalCommand touch {ran}\n");
        await using MitogenRoot root = await CreateRootAsync();
        SshConnection ssh = To(TestHost.DeniedUser) with { ConfigFile = config, IdentityFile = server.IdentityFile };
        await using IRemoteContext context = await root.ConnectAsync(ssh, Cancellation);
        await AnswersAsync(context);
        Assert.False(File.Exists(ran));
    }

    [Fact]
    public async Task No_dialog_is_brought_up()
    {
        Needs();
        string called = Runtime.Tests.Connections.Scripts.NewPath();
        string dialog = Runtime.Tests.Connections.Scripts.Write($"touch {called}; echo {TestHost.Password}");
        Environment.SetEnvironmentVariable("SSH_ASKPASS", dialog);
        Environment.SetEnvironmentVariable("SSH_ASKPASS_REQUIRE", "force");
        try
        {
            await using MitogenRoot root = await CreateRootAsync();
            await using IRemoteContext context = await root.ConnectAsync(
                To(TestHost.DeniedUser) with { Password = TestHost.Password, Options = ["-o", "PubkeyAuthentication=no"] }, Cancellation);
            await AnswersAsync(context);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSH_ASKPASS", null);
            Environment.SetEnvironmentVariable("SSH_ASKPASS_REQUIRE", null);
        }

        Assert.False(File.Exists(called));
    }

    [Theory]
    [InlineData(TestHost.StaleUser)]
    [InlineData(TestHost.EndedUser)]
    public async Task What_has_expired_is_told_as_that(string user)
    {
        Needs();
        SshConnection ssh = To(user);
        _ = await FailAsync(ssh with { Password = TestHost.Password, Options = ["-o", "PreferredAuthentications=password"] }, BootstrapReason.Expired);
        _ = await FailAsync(ssh with { Password = TestHost.Password, Options = ["-o", "PreferredAuthentications=keyboard-interactive"] }, BootstrapReason.Expired);
        _ = await FailAsync(ssh with { Password = TestHost.Password, Options = ["-o", "PubkeyAuthentication=no"] }, BootstrapReason.Expired);
        _ = await FailAsync(ssh with { IdentityFile = server.IdentityFile }, BootstrapReason.Expired);
    }

    private static async Task<BootstrapException> FailAsync(SshConnection connection, BootstrapReason reason)
    {
        await using MitogenRoot root = MitogenRoot.Create();

        // Longer than a question may stand: each of these is known before.
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(
            () => root.ConnectAsync(connection with { ConnectTimeout = TimeSpan.FromMinutes(2), QuestionTimeout = TimeSpan.FromMinutes(1) }, Cancellation));
        Assert.True(failure.Reason == reason, failure.ToString());
        foreach (string secret in (string[])[Password, Passphrase, TestHost.Password])
        {
            Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal);
        }

        return failure;
    }

    private static void AssertGotNothing(AskingServer asking)
    {
        Assert.DoesNotContain("PASSWORD", asking.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("ANSWER", asking.Said, StringComparison.Ordinal);
    }

    /// <summary>A configuration in which the target is behind a host with that port and name.</summary>
    private string Jump(int port, string host, string options) => server.KnownHosts("jump_config", $"""
        Host target
            HostName {Sshd.Host}
            Port {server.Port}
            User {TestHost.DeniedUser}
            UserKnownHostsFile {server.KnownHostsFile}
            PubkeyAuthentication no
            ProxyJump jump
        Host jump
            HostName {host}
            Port {port}
            UserKnownHostsFile /dev/null
        {options}    User other

        """);

    private SshConnection To(AskingServer asking) => To("nobody-there") with
    {
        Port = asking.Port,
        KnownHostsFile = server.KnownHosts("asking_hosts", $"[{Sshd.Host}]:{asking.Port} {asking.HostKey}\n"),
    };

    private SshConnection To(string user) => new(Sshd.Host)
    {
        Port = server.Port,
        User = user,
        KnownHostsFile = server.KnownHostsFile,
        ConfigFile = "none",
    };

    private async Task<string> MakeKeyAsync()
    {
        string file = server.FileAt("encrypted-" + Guid.NewGuid().ToString("N"));
        _ = await HostCommand.OutputAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", Passphrase, "-C", "test", "-f", file);
        return file;
    }

    private void Needs()
    {
        server.SkipUnlessThere();
        TestHost.Needs("ssh", "ssh-keygen");
    }
}
