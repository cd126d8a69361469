namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>Two sshds that run nothing of what they are asked for: one transfers files alone, the other runs a command of its own.</summary>
public sealed class RestrictedServer : Sshd
{
    private SshdProcess? _forcing;

    /// <summary>The port of the one that runs its own command.</summary>
    public int ForcingPort => _forcing?.Port ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Knows both.</summary>
    public string KnownHostsFile => FileAt("both_known_hosts");

    protected override IReadOnlyList<string> Arguments => ["-o", "ForceCommand=internal-sftp"];

    protected override async Task StartAsync()
    {
        await base.StartAsync();
        _forcing = await StartServerAsync("authorized_keys", "-o", "ForceCommand=echo only backups here");
        _ = KnownHosts("both_known_hosts", KnownHost("host") + KnownHost("host", ForcingPort));
    }

    protected override async Task EndAsync()
    {
        if (_forcing is not null)
        {
            await _forcing.DisposeAsync();
        }

        await base.EndAsync();
    }
}
