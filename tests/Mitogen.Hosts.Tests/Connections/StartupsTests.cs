namespace Mitogen.Hosts.Tests.Connections;

/// <summary>More logins at once than a server takes: with its default of ten, and with two.</summary>
public sealed class StartupsTests(SshServer server, CrowdedServer crowded) : ConnectionTest, IClassFixture<SshServer>, IClassFixture<CrowdedServer>
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

    private async Task ComeUpAsync(Sshd at, int count)
    {
        HostListing before = await HostListing.OfUsersAsync(User);
        await using (MitogenRoot root = await CreateRootAsync(Payload.Native, new MitogenOptions { MaxConcurrentStarts = count }))
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
