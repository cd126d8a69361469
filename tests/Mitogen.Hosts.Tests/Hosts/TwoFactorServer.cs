namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An sshd that wants a key and the password, not for root.</summary>
public sealed class TwoFactorServer : Sshd
{
    protected override IReadOnlyList<string> Arguments => ["-o", "AuthenticationMethods=publickey,password publickey,keyboard-interactive:pam"];
}
