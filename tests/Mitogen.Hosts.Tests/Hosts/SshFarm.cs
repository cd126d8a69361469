using System.Net;
using System.Net.Sockets;

namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>Twenty ports where an sshd is expected, all with the same keys. Three of them cannot be logged in to, each for a reason of its own.</summary>
public sealed class SshFarm : Sshd
{
    private readonly List<SshdProcess> _further = [];
    private readonly Socket _closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public string KnownHostsFile => FileAt("farm_hosts");

    /// <summary>The ports, and why no context comes up there.</summary>
    public IReadOnlyList<(int Port, BootstrapReason? Problem)> Places { get; private set; } = [];

    protected override async Task StartAsync()
    {
        await base.StartAsync();
        _closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and does not listen
        int closed = ((IPEndPoint)_closed.LocalEndPoint!).Port;
        int refusing = await StartFurtherAsync("no_keys");
        int changed = await StartFurtherAsync("authorized_keys");
        int[] good = [Port, .. await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => StartFurtherAsync("authorized_keys")))];
        Places =
        [
            (closed, BootstrapReason.Refused), (refusing, BootstrapReason.AuthenticationFailed), (changed, BootstrapReason.HostKeyChanged),
            .. good.Select(port => (port, (BootstrapReason?)null)),
        ];
        _ = KnownHosts("farm_hosts", string.Concat(Places.Select(place => KnownHost(place.Port == changed ? "other" : "host", place.Port))));
    }

    protected override async Task EndAsync()
    {
        _closed.Dispose();
        foreach (SshdProcess server in _further)
        {
            await server.DisposeAsync();
        }

        await base.EndAsync();
    }

    private async Task<int> StartFurtherAsync(string authorizedKeys)
    {
        SshdProcess server = await StartServerAsync(authorizedKeys, "-o", "PasswordAuthentication=no", "-o", "KbdInteractiveAuthentication=no");
        lock (_further)
        {
            _further.Add(server);
        }

        return server.Port;
    }
}
