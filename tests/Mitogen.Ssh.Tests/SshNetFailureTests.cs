using System.Net;
using System.Net.Sockets;
using Mitogen.Hosts.Tests.Listings;
using Mitogen.Ssh.Tests.Servers;

namespace Mitogen.Ssh.Tests;

/// <summary>Each way in which a connection fails, with its reason and without what nobody may see.</summary>
public sealed class SshNetFailureTests(RootServer server, RestrictedServer restricted) : ServerTest, IClassFixture<RootServer>, IClassFixture<RestrictedServer>
{
    private const string Nobody = "nobody";

    [Fact]
    public async Task An_unknown_host_key_is_refused()
    {
        server.SkipUnlessThere();
        BootstrapException error = await FailAsync(server.Connection with { KnownHostsFile = server.FileAt("not there") });
        Assert.Equal(BootstrapReason.HostKeyUnknown, error.Reason);
        Assert.Contains("SHA256:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_host_key_is_refused_even_if_new_ones_are_accepted()
    {
        server.SkipUnlessThere();
        string file = server.KnownHosts("changed_hosts", server.KnownHost("other"));
        foreach (HostKeyPolicy policy in (HostKeyPolicy[])[HostKeyPolicy.Enforce, HostKeyPolicy.AcceptNew])
        {
            BootstrapException error = await FailAsync(server.Connection with { KnownHostsFile = file, HostKeyPolicy = policy });
            Assert.Equal(BootstrapReason.HostKeyChanged, error.Reason);
        }
    }

    [Fact]
    public async Task A_revoked_host_key_is_refused()
    {
        server.SkipUnlessThere();
        string file = server.KnownHosts("revoked_hosts", $"@revoked * {server.PublicKey("host")}\n" + server.KnownHost("host"));
        BootstrapException error = await FailAsync(server.Connection with { KnownHostsFile = file });
        Assert.Equal(BootstrapReason.HostKeyChanged, error.Reason);
        Assert.Contains("revoked", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_told()
    {
        BootstrapException error = await FailAsync(new SshNetConnection("no-such-host.invalid") { Password = "any" });
        Assert.Equal(BootstrapReason.NameNotFound, error.Reason);
    }

    [Fact]
    public async Task A_connection_without_a_host_is_none()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        _ = await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync(new SshNetConnection("") { Password = "any" }, Cancellation));
    }

    [Fact]
    public async Task A_closed_port_is_told()
    {
        int port;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        BootstrapException error = await FailAsync(new SshNetConnection("127.0.0.1") { Port = port, Password = "any" });
        Assert.Equal(BootstrapReason.Refused, error.Reason);
        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_told()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        BootstrapException error = await FailAsync(new SshNetConnection("127.0.0.1")
        {
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            Password = "any",
            ConnectTimeout = TimeSpan.FromMilliseconds(500),
        });
        Assert.Equal(BootstrapReason.TimedOut, error.Reason);
    }

    [Fact]
    public async Task A_refused_key_asks_for_nothing_else()
    {
        server.SkipUnlessThere();
        BootstrapException error = await FailAsync(server.Connection with { IdentityFile = server.FileAt("other") });
        Assert.Equal(BootstrapReason.AuthenticationFailed, error.Reason);
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_wrong_and_given_once()
    {
        (string user, string _) = server.SkipUnlessThereAreUsers();
        BootstrapException error = await FailAsync(server.Connection with { IdentityFile = null, User = user, Password = "wr0ng-secret" });
        Assert.Equal(BootstrapReason.PasswordWrong, error.Reason);
        Assert.DoesNotContain("wr0ng-secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, server.Log.Split('\n').Count(line => line.Contains($"Failed password for {user}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_missing_password_is_told_as_required()
    {
        server.SkipUnlessThere();
        string? home = Environment.GetEnvironmentVariable("HOME");
        Environment.SetEnvironmentVariable("HOME", "/nonexistent"); // where no usual keys are
        try
        {
            BootstrapException error = await FailAsync(server.Connection with { IdentityFile = null });
            Assert.Equal(BootstrapReason.PasswordRequired, error.Reason);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", home);
        }
    }

    [Fact]
    public async Task A_passphrase_is_told_as_required_or_wrong()
    {
        server.SkipUnlessThere();
        SshNetConnection connection = server.Connection with { IdentityFile = server.FileAt("locked") };
        Assert.Equal(BootstrapReason.PasswordRequired, (await FailAsync(connection)).Reason);
        Assert.Equal(BootstrapReason.PasswordWrong, (await FailAsync(connection with { Passphrase = "wrong" })).Reason);
    }

    [Fact]
    public async Task A_key_that_is_none_is_told()
    {
        server.SkipUnlessThere();
        Assert.Equal(
            BootstrapReason.AuthenticationFailed,
            (await FailAsync(server.Connection with { IdentityFile = server.FileAt("no such key") })).Reason);
        BootstrapException error = await FailAsync(server.Connection with { IdentityFile = null, PrivateKey = "no key at all" });
        Assert.Equal(BootstrapReason.AuthenticationFailed, error.Reason);
        Assert.DoesNotContain("no key at all", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Nobody)]
    [InlineData(TestHost.FalseShellUser)]
    public async Task A_user_without_a_login_shell_is_told(string user)
    {
        _ = server.SkipUnlessThereAreUsers();
        BootstrapException error = await FailAsync(server.Connection with { User = user });
        Assert.True(error.Reason == BootstrapReason.NotAllowed, error.ToString());
    }

    [Fact]
    public async Task A_server_that_runs_another_command_is_told()
    {
        restricted.SkipUnlessThere();
        foreach (int port in (int[])[restricted.Port, restricted.ForcingPort])
        {
            BootstrapException error = await FailAsync(new SshNetConnection(Sshd.Host)
            {
                Port = port,
                User = TestHost.DeniedUser,
                IdentityFile = restricted.FileAt("id"),
                KnownHostsFile = restricted.KnownHostsFile,
            });
            Assert.True(error.Reason == BootstrapReason.NotAllowed, error.ToString());
            Assert.Contains("ForceCommand", error.Detail, StringComparison.Ordinal);
        }
    }

    /// <summary>Fails to connect; the users of the server, as far as there are any, have then what they had before.</summary>
    private static async Task<BootstrapException> FailAsync(SshNetConnection connection)
    {
        HostListing users = await HostListing.OfUsersAsync(TestHost.AreUsersThere ? [Nobody, TestHost.DeniedUser] : [Nobody]);
        BootstrapException error;
        await using (MitogenRoot root = MitogenRoot.Create())
        {
            error = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        }

        await users.AssertUnchangedAsync();
        return error;
    }
}
