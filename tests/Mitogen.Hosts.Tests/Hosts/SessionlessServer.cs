namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An sshd that lets its users log in, and opens no session.</summary>
public sealed class SessionlessServer : Sshd
{
    protected override IReadOnlyList<string> Arguments => ["-o", "MaxSessions=0"];
}
