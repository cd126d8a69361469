namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>An sshd that lets two log in at the same time, and drops every further connection.</summary>
public sealed class CrowdedServer : Sshd
{
    protected override IReadOnlyList<string> Arguments => ["-o", "MaxStartups=2:100:2"];
}
