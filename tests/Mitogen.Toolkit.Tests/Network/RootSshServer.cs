namespace Mitogen.Toolkit.Tests.Network;

/// <summary>An sshd for root by key.</summary>
public sealed class RootSshServer : Sshd
{
    /// <summary>Connects as root, and knows the server.</summary>
    public SshConnection Connection => new(Host) { Port = Port, User = "root", IdentityFile = FileAt("id"), KnownHostsFile = FileAt("known_hosts") };

    protected override string PermitRootLogin => "prohibit-password";

    protected override string? WhyNot =>
        !Environment.IsPrivilegedProcess ? "needs root"
        : HostCommand.Find("sshd") is null || HostCommand.Find("ssh-keygen") is null ? "needs openssh-server"
        : null;
}
