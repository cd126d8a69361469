namespace Mitogen.Ssh.Tests.Servers;

/// <summary>An sshd for root that lets two log in at the same time, and drops every further connection.</summary>
public sealed class CrowdedRootServer : Sshd
{
    /// <summary>Connects as root, and knows the server.</summary>
    public SshNetConnection Connection => new(Host) { Port = Port, User = "root", IdentityFile = FileAt("id"), KnownHostsFile = FileAt("known_hosts") };

    protected override string PermitRootLogin => "prohibit-password";

    protected override IReadOnlyList<string> Arguments => ["-o", "MaxStartups=2:100:2"];

    protected override string? WhyNot =>
        !Environment.IsPrivilegedProcess ? "needs root"
        : HostCommand.Find("sshd") is null || HostCommand.Find("ssh-keygen") is null ? "needs openssh-server"
        : null;
}
