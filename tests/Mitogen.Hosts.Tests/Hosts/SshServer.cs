namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An sshd for all users of <see cref="TestHost"/>, and not for root.</summary>
public sealed class SshServer : Sshd
{
    /// <summary>A private key that every user may log in with.</summary>
    public string IdentityFile => FileAt("id");

    /// <summary>Knows this server.</summary>
    public string KnownHostsFile => FileAt("known_hosts");

    /// <summary>Knows this server by another key than it has.</summary>
    public string ChangedHostsFile => FileAt("changed_hosts");

    /// <summary>Knows no server.</summary>
    public string EmptyHostsFile => FileAt("empty_hosts");

    /// <summary>The command that logs in as a user: plain ssh, by key, without any configuration of this machine.</summary>
    public string[] Command(string user, params string[] command) =>
    [
        "ssh", "-F", "none", "-o", $"UserKnownHostsFile={KnownHostsFile}", "-o", "GlobalKnownHostsFile=none", "-o", "IdentitiesOnly=yes",
        "-i", IdentityFile, "-p", $"{Port}", "-l", user, Host, .. command,
    ];

    protected override async Task StartAsync()
    {
        await base.StartAsync();
        _ = KnownHosts("changed_hosts", KnownHost("other"));
        _ = KnownHosts("empty_hosts", "");
    }
}
