namespace Mitogen.Ssh.Tests.Servers;

/// <summary>An sshd for root by key, and for the users of the test hosts, where there are any.</summary>
public sealed class RootServer : Sshd
{
    public const string Passphrase = "open sesame";

    /// <summary>Connects as root, and knows the server.</summary>
    public SshNetConnection Connection => new(Host) { Port = Port, User = "root", IdentityFile = FileAt("id"), KnownHostsFile = FileAt("known_hosts") };

    protected override IReadOnlyList<Key> HostKeys => [new("host"), new("host_rsa", "rsa")];

    protected override IReadOnlyList<Key> UserKeys =>
        [new("id"), new("id_rsa", "rsa"), new("id_ecdsa", "ecdsa"), new("locked", Passphrase: Passphrase)];

    protected override string PermitRootLogin => "prohibit-password";

    protected override string? WhyNot =>
        !Environment.IsPrivilegedProcess ? "needs root"
        : HostCommand.Find("sshd") is null || HostCommand.Find("ssh-keygen") is null ? "needs openssh-server"
        : null;

    /// <summary>A user who may log in by password.</summary>
    public (string User, string Password) SkipUnlessThereAreUsers()
    {
        SkipUnlessThere();
        TestHost.Needs();
        return (TestHost.DeniedUser, TestHost.Password);
    }
}
