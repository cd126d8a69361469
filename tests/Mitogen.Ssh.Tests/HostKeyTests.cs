using Mitogen.Ssh.Tests.Servers;

namespace Mitogen.Ssh.Tests;

/// <summary>Host keys that are accepted by a real connection.</summary>
public sealed class HostKeyTests(RootServer server) : ServerTest, IClassFixture<RootServer>
{
    [Fact]
    public async Task A_new_host_is_added_for_its_owner_alone_and_known_from_then_on()
    {
        server.SkipUnlessThere();
        string file = server.FileAt("folder/new_hosts");
        await ConnectAsync(server.Connection with { KnownHostsFile = file, HostKeyPolicy = HostKeyPolicy.AcceptNew });
        Assert.Equal(server.KnownHost("host"), await File.ReadAllTextAsync(file, Cancellation));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await ConnectAsync(server.Connection with { KnownHostsFile = file });
    }

    [Fact]
    public async Task A_line_that_has_no_end_is_not_lost()
    {
        server.SkipUnlessThere();
        string file = server.KnownHosts("unended_hosts", $"another {server.PublicKey("other")}");
        await ConnectAsync(server.Connection with { KnownHostsFile = file, HostKeyPolicy = HostKeyPolicy.AcceptNew });
        Assert.Equal(
            $"another {server.PublicKey("other")}\n" + server.KnownHost("host"),
            await File.ReadAllTextAsync(file, Cancellation));
    }

    [Fact]
    public async Task Names_may_be_hashed()
    {
        server.SkipUnlessThere();
        string file = server.KnownHosts("hashed_hosts", server.KnownHost("host"));
        _ = await HostCommand.OutputAsync("ssh-keygen", "-q", "-H", "-f", file);
        Assert.StartsWith("|1|", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        await ConnectAsync(server.Connection with { KnownHostsFile = file });
    }

    [Fact]
    public async Task The_kind_of_key_that_is_known_is_asked_for()
    {
        server.SkipUnlessThere();
        string file = server.KnownHosts("rsa_hosts", server.KnownHost("host_rsa"));
        await ConnectAsync(server.Connection with { KnownHostsFile = file });
    }

    [Fact]
    public async Task Nothing_is_known_or_learned_where_keys_are_ignored()
    {
        server.SkipUnlessThere();
        string file = server.FileAt("ignored_hosts");
        await ConnectAsync(server.Connection with { KnownHostsFile = file, HostKeyPolicy = HostKeyPolicy.Ignore });
        Assert.False(File.Exists(file));
    }

    private static async Task ConnectAsync(SshNetConnection connection)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        _ = await root.ConnectAsync(connection, Cancellation);
    }
}
