using Mitogen.Ssh.KnownHosts;

namespace Mitogen.Ssh.Tests.KnownHosts;

public sealed class KnownKeysTests
{
    private const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIPPtYs2eg9B5OR2rxqJ0nJ2TtvYjYVNVRPnVQZZ6Yh4q";
    private const string Other = "AAAAC3NzaC1lZDI1NTE5AAAAIPPtYs2eg9B5OR2rxqJ0nJ2TtvYjYVNVRPnVQZZ6YhAA";

    [Theory]
    [InlineData("web1", "web1", true)]
    [InlineData("WEB1", "web1", true)]
    [InlineData("web1,10.0.0.1", "10.0.0.1", true)]
    [InlineData("web1", "web10", false)]
    [InlineData("web?", "web1", true)]
    [InlineData("web?", "web", false)]
    [InlineData("*.example.org", "a.b.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*a*b*c", "xaybzc", true)]
    [InlineData("*a*b*c", "xaybz", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*.example.org,!db.example.org", "web.example.org", true)]
    [InlineData("*.example.org,!db.example.org", "db.example.org", false)]
    [InlineData("!db.example.org,*.example.org", "db.example.org", false)]
    [InlineData("!db", "web", false)]
    [InlineData("[web1]:2222", "[web1]:2222", true)]
    [InlineData("[web1]:2222", "web1", false)]
    [InlineData("|1|bad", "web1", false)]
    [InlineData("|1|***|***", "web1", false)]
    [InlineData("", "web1", false)]
    public void Patterns_match(string field, string name, bool matches) => Assert.Equal(matches, HostPattern.Matches(field, name));

    // Made by ssh-keygen -H.
    [Theory]
    [InlineData("|1|FLBWxvMngpxZpyGQ9cWpWEFSa5U=|+mtnZw7rni+1gcm2aoL4oFlYtD4=", "web1", true)]
    [InlineData("|1|FLBWxvMngpxZpyGQ9cWpWEFSa5U=|+mtnZw7rni+1gcm2aoL4oFlYtD4=", "web2", false)]
    [InlineData("|1|4zEne4K8i0kerFga0ATOQZ3wVcg=|R2bx4JH917oUKgfX0m1yh9s3UAs=", "[web1]:2222", true)]
    [InlineData("|1|4zEne4K8i0kerFga0ATOQZ3wVcg=|R2bx4JH917oUKgfX0m1yh9s3UAs=", "web1", false)]
    public void Hashes_match(string field, string name, bool matches) => Assert.Equal(matches, HostPattern.Matches(field, name));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("# web1 ssh-ed25519 " + Key)]
    [InlineData("web1")]
    [InlineData("web1 ssh-ed25519")]
    [InlineData("web1 ssh-ed25519 !!!")]
    [InlineData("@cert-authority web1 ssh-ed25519 " + Key)]
    [InlineData("@unheard-of web1 ssh-ed25519 " + Key)]
    [InlineData("@revoked")]
    public void Lines_that_say_nothing_are_skipped(string line) => Assert.Null(KnownHost.Parse(line));

    [Fact]
    public void A_line_has_hosts_a_type_a_key_and_what_else_it_likes()
    {
        KnownHost? host = KnownHost.Parse($"  web1,web2\tssh-ed25519  {Key} a comment of words");
        Assert.Equal(("web1,web2", "ssh-ed25519", Key, false), (host!.Hosts, host.KeyType, Convert.ToBase64String(host.Key), host.IsRevoked));
        Assert.True(KnownHost.Parse($"@revoked * ssh-ed25519 {Key}")!.IsRevoked);
    }

    [Theory]
    [InlineData("web1", 22, "web1")]
    [InlineData("Web1.Example.Org", 22, "web1.example.org")]
    [InlineData("web1", 2222, "[web1]:2222")]
    [InlineData("::1", 22, "::1")]
    [InlineData("::1", 2222, "[::1]:2222")]
    public void Hosts_are_named_as_ssh_does_it(string host, int port, string name) => Assert.Equal(name, KnownKeys.NameOf(host, port));

    [Fact]
    public void Keys_are_judged()
    {
        Assert.Equal(HostKeyVerdict.Unknown, Judge(22));
        Assert.Equal(HostKeyVerdict.Unknown, Judge(22, $"web2 ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Known, Judge(22, $"web1 ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Changed, Judge(22, $"web1 ssh-ed25519 {Other}"));
        Assert.Equal(HostKeyVerdict.Known, Judge(22, $"web1 ssh-ed25519 {Other}", $"web* ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Revoked, Judge(22, $"web1 ssh-ed25519 {Key}", $"@revoked * ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Known, Judge(22, $"web1 ssh-ed25519 {Key}", $"@revoked * ssh-ed25519 {Other}"));
        Assert.Equal(HostKeyVerdict.Unknown, Judge(22, $"@cert-authority * ssh-ed25519 {Key}"));
    }

    [Fact]
    public void A_host_known_without_a_port_is_known_at_any_port()
    {
        Assert.Equal(HostKeyVerdict.Known, Judge(2222, $"web1 ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Unknown, Judge(2222, $"web1 ssh-ed25519 {Other}"));
        Assert.Equal(HostKeyVerdict.Changed, Judge(2222, $"[web1]:2222 ssh-ed25519 {Other}", $"web1 ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Revoked, Judge(2222, $"[web1]:2222 ssh-ed25519 {Key}", $"@revoked web1 ssh-ed25519 {Key}"));
        Assert.Equal(HostKeyVerdict.Unknown, Judge(22, $"[web1]:2222 ssh-ed25519 {Key}"));
    }

    private static HostKeyVerdict Judge(int port, params string[] lines) =>
        KnownKeys.Of(lines, "web1", port).Judge(Convert.FromBase64String(Key));
}
