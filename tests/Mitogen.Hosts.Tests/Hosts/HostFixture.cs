namespace Mitogen.Hosts.Tests.Hosts;

/// <summary>What is started once for a class of tests, with a folder that goes with it. Where it cannot run, each test says so.</summary>
public abstract class HostFixture : IAsyncLifetime
{
    private string? _folder;

    /// <summary>Why it cannot run here; null when it can.</summary>
    protected abstract string? WhyNot { get; }

    protected string Folder => _folder ?? throw new InvalidOperationException($"{GetType().Name} was not started.");

    public void SkipUnlessThere()
    {
        if (WhyNot is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (WhyNot is not null)
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory("test-host-").FullName;
        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_folder is not null)
        {
            await EndAsync();
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }

    protected abstract Task StartAsync();

    /// <summary>Ends what was started, which may be a part of it.</summary>
    protected abstract Task EndAsync();
}
