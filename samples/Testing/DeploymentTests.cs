using Mitogen;
using Mitogen.Testing;

namespace Testing;

/// <summary>The deployment, on three hosts that are objects of the test: no process, no network, no waiting.</summary>
public sealed class DeploymentTests : IAsyncDisposable
{
    private const int PackageSize = 100_000;

    private readonly InProcessRoot _app = InProcessRoot.Create();
    private readonly Dictionary<string, FakeHost> _hosts = new()
    {
        ["web1"] = new FakeHost("1.0"),
        ["web2"] = new FakeHost("1.0"),
        ["db"] = new FakeHost("1.0", room: PackageSize / 2),
    };

    public DeploymentTests() =>
        _app.OnConnect<LocalConnection>(c => _hosts.TryGetValue(c.Name!, out FakeHost? host)
            ? new FakeContext().Add<IHost>(host)
            : FakeContext.Failing(BootstrapReason.TimedOut, "It does not answer."));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_host_that_fails_half_way_gets_its_old_version_back()
    {
        Deployment deployment = new(_app, "2.0", () => new MemoryStream(new byte[PackageSize]));
        Outcome[] outcomes = await deployment.RunAsync(_hosts.Keys, TestContext.Current.CancellationToken);

        Assert.Equal(
            [new Outcome("web1", "2.0", null), new Outcome("web2", "2.0", null), new Outcome("db", "1.0", "No space left on device")],
            outcomes);
        Assert.Equal(["stop", "install 2.0", "start"], _hosts["web1"].Log);
        Assert.Equal(["stop", "full", "roll back", "start"], _hosts["db"].Log);
        Assert.InRange(deployment.Copied, 2 * PackageSize, 3 * PackageSize);
    }

    [Fact]
    public async Task A_host_that_has_the_version_is_left_alone()
    {
        Deployment deployment = new(_app, "1.0", () => throw new InvalidOperationException("Nobody asks for the package."));
        Outcome[] outcomes = await deployment.RunAsync(["web1"], TestContext.Current.CancellationToken);

        Assert.Equal([new Outcome("web1", "1.0", null)], outcomes);
        Assert.Empty(_hosts["web1"].Log);
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_does_not_keep_the_others()
    {
        Deployment deployment = new(_app, "2.0", () => new MemoryStream(new byte[PackageSize]));
        Outcome[] outcomes = await deployment.RunAsync(["gone", "web2"], TestContext.Current.CancellationToken);

        Assert.Equal([new Outcome("gone", "", "not reached: TimedOut"), new Outcome("web2", "2.0", null)], outcomes);
    }
}
