namespace Testing;

/// <summary>A host in memory: a plain object. What it notes is what the tests look at.</summary>
internal sealed class FakeHost(string version, int room = int.MaxValue) : IHost
{
    private string _before = version;
    private string _version = version;

    public List<string> Log { get; } = [];

    public IDaemon Daemon => new FakeDaemon(this);

    public Task<string> VersionAsync(CancellationToken cancellationToken) => Task.FromResult(_version);

    public async Task InstallAsync(string version, Stream package, IProgress<long> copied, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        int all = 0;
        for (int read; (read = await package.ReadAsync(buffer, cancellationToken)) > 0; all += read)
        {
            if (all + read > room)
            {
                Log.Add("full");
                throw new IOException("No space left on device");
            }

            copied.Report(read);
        }

        (_before, _version) = (_version, version);
        Log.Add($"install {version}");
    }

    public Task RollBackAsync(CancellationToken cancellationToken)
    {
        _version = _before;
        Log.Add("roll back");
        return Task.CompletedTask;
    }

    private sealed class FakeDaemon(FakeHost host) : IDaemon
    {
        public Task StopAsync(CancellationToken cancellationToken) => Note("stop");

        public Task StartAsync(CancellationToken cancellationToken) => Note("start");

        private Task Note(string what)
        {
            host.Log.Add(what);
            return Task.CompletedTask;
        }
    }
}
