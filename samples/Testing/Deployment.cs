using Mitogen;

namespace Testing;

/// <summary>What became of one host.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Version">The version that it runs now; empty where that is not known.</param>
/// <param name="Error">What went wrong; <see langword="null"/> if nothing did.</param>
public sealed record Outcome(string Host, string Version, string? Error);

/// <summary>The code under test: brings a version to some hosts at once, and puts the old one back where that fails.</summary>
public sealed class Deployment(IRemoteContext app, string version, Func<Stream> openPackage)
{
    private long _copied;

    /// <summary>Bytes that hosts have reported as copied.</summary>
    public long Copied => Interlocked.Read(ref _copied);

    /// <summary>Deploys to all hosts; one that fails does not keep the others.</summary>
    public Task<Outcome[]> RunAsync(IEnumerable<string> hosts, CancellationToken cancellationToken) =>
        Task.WhenAll(hosts.Select(h => DeployAsync(h, cancellationToken)));

    private async Task<Outcome> DeployAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using IRemoteContext context = await app.ConnectAsync(new LocalConnection { Name = name }, cancellationToken);
            return await DeployAsync(name, context.Get<IHost>(), cancellationToken);
        }
        catch (BootstrapException e)
        {
            return new Outcome(name, "", $"not reached: {e.Reason}");
        }
    }

    private async Task<Outcome> DeployAsync(string name, IHost host, CancellationToken cancellationToken)
    {
        string before = await host.VersionAsync(cancellationToken);
        if (before == version)
        {
            return new Outcome(name, before, null);
        }

        // No round trip for the property: the call goes with it.
        await host.Daemon.StopAsync(cancellationToken);
        try
        {
            await using Stream package = openPackage();
            await host.InstallAsync(version, package, new Tally(this), cancellationToken);
            await host.Daemon.StartAsync(cancellationToken);
            return new Outcome(name, version, null);
        }
        catch (IOException e)
        {
            await host.RollBackAsync(CancellationToken.None);
            await host.Daemon.StartAsync(CancellationToken.None);
            return new Outcome(name, before, e.Message);
        }
    }

    private sealed class Tally(Deployment deployment) : IProgress<long>
    {
        public void Report(long value) => Interlocked.Add(ref deployment._copied, value);
    }
}
