namespace Mitogen.Hosts.Tests.Connections;

/// <summary>Bounds of a server: more logins at once than it takes, with its default of ten and with two, no session at all, and another command than the one that is asked for.</summary>
public sealed class StartupsTests(SshServer server, CrowdedServer crowded, SessionlessServer sessionless, RestrictedServer restricted)
    : ConnectionTest, IClassFixture<SshServer>, IClassFixture<CrowdedServer>, IClassFixture<SessionlessServer>, IClassFixture<RestrictedServer>
{
    private const string User = "mito-dash";

    [Fact]
    public async Task Twenty_four_at_once_come_up_behind_a_server_with_its_defaults()
    {
        server.SkipUnlessThere();
        await ComeUpAsync(server, 24);
    }

    [Fact]
    public async Task Those_that_are_dropped_come_up_later()
    {
        crowded.SkipUnlessThere();
        await ComeUpAsync(crowded, 10);
        Assert.Contains("past MaxStartups", crowded.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_opens_no_session_is_told()
    {
        sessionless.SkipUnlessThere();
        await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
        BootstrapException failure = await FailsAsync(root, Ssh(sessionless), BootstrapReason.NotAllowed, await HostListing.OfUsersAsync(User));
        Assert.Contains("MaxSessions", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_runs_another_command_is_told()
    {
        restricted.SkipUnlessThere();
        await using MitogenRoot root = await CreateRootAsync(ExecutableKind.Native);
        foreach (int port in (int[])[restricted.Port, restricted.ForcingPort])
        {
            SshConnection ssh = Ssh(restricted) with { Port = port, KnownHostsFile = restricted.KnownHostsFile };
            BootstrapException failure = await FailsAsync(root, ssh, BootstrapReason.NotAllowed, await HostListing.OfUsersAsync(User));
            Assert.Contains("ForceCommand", failure.Message, StringComparison.Ordinal);
        }
    }

    private async Task ComeUpAsync(Sshd at, int count)
    {
        HostListing before = await HostListing.OfUsersAsync(User);
        await using (MitogenRoot root = await CreateRootAsync(ExecutableKind.Native, new MitogenOptions { MaxConcurrentStarts = count }))
        {
            IRemoteContext[] contexts = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => root.ConnectAsync(Ssh(at), Cancellation)));
            await Task.WhenAll(contexts.Select(context => AnswersAsync(context, User)));
        }

        await before.AssertUnchangedAsync();
    }

    private static SshConnection Ssh(Sshd at) => new(SshServer.Host)
    {
        Port = at.Port,
        User = User,
        IdentityFile = at.FileAt("id"),
        KnownHostsFile = at.FileAt("known_hosts"),
        ConfigFile = "none",
    };
}
