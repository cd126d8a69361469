using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mitogen.Testing;

namespace Mitogen.Hosting.Tests;

public sealed class HealthTests : IAsyncDisposable
{
    private readonly InProcessRoot _root = InProcessRoot.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _root.DisposeAsync();

    [Fact]
    public async Task A_context_that_nobody_used_is_healthy_and_so_is_one_that_is_up()
    {
        await using ServiceProvider provider = NewProvider(new MitogenHealthOptions());
        HealthReport before = await CheckAsync(provider);
        Assert.Equal((HealthStatus.Healthy, "not started"), (before.Entries["mitogen-web1"].Status, before.Entries["mitogen-web1"].Description));

        Assert.Equal("web1", await provider.GetRequiredService<IHosted>().NameAsync());

        HealthReport after = await CheckAsync(provider);
        Assert.Equal((HealthStatus.Healthy, "up"), (after.Entries["mitogen-web1"].Status, after.Entries["mitogen-web1"].Description));
        Assert.Equal(
            [("root", "up"), ("web1", "up"), ("web2", "not started")],
            after.Entries["mitogen"].Data.Select(pair => (pair.Key, (string)pair.Value)).Order());
    }

    [Fact]
    public async Task A_lost_context_is_unhealthy_with_the_reason_until_it_is_used()
    {
        await using ServiceProvider provider = NewProvider(new MitogenHealthOptions());
        IHosted hosted = provider.GetRequiredService<IHosted>();
        Assert.Equal("web1", await hosted.NameAsync());
        await Assert.Single(_root.Children).DisposeAsync();

        HealthReport lost = await CheckAsync(provider);

        Assert.Equal(HealthStatus.Unhealthy, lost.Entries["mitogen-web1"].Status);
        Assert.Contains("disposed", lost.Entries["mitogen-web1"].Description, StringComparison.Ordinal);
        Assert.StartsWith("web1: ", lost.Entries["mitogen"].Description, StringComparison.Ordinal);
        Assert.Equal("web1", await hosted.NameAsync());
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(provider)).Status);
    }

    [Fact]
    public async Task A_context_that_does_not_come_up_is_unhealthy_with_the_reason()
    {
        _root.OnConnect<LocalConnection>(_ => FakeContext.Failing(BootstrapReason.NoRuntime, "There is no runtime."));
        await using ServiceProvider provider = NewProvider(new MitogenHealthOptions());
        await Assert.ThrowsAsync<BootstrapException>(() => provider.GetRequiredService<IHosted>().NameAsync());

        HealthReport report = await CheckAsync(provider);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("There is no runtime.", report.Entries["mitogen-web1"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_may_start_contexts_does()
    {
        await using ServiceProvider provider = NewProvider(new MitogenHealthOptions { StartContexts = true });

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(provider)).Status);
        Assert.Equal(["web1", "web2"], _root.Children.Select(child => child.Name).Order());
        await Task.WhenAll(_root.Children.Select(child => child.DisposeAsync().AsTask()));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(provider)).Status);
    }

    [Fact]
    public async Task A_context_that_does_not_answer_in_time_is_unhealthy()
    {
        TaskCompletionSource<FakeContext> never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _root.OnConnect<LocalConnection>(_ => never.Task.GetAwaiter().GetResult());
        await using ServiceProvider provider = NewProvider(new MitogenHealthOptions { StartContexts = true, PingTimeout = TimeSpan.FromMilliseconds(50) });

        HealthReport report = await CheckAsync(provider);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["mitogen-web1"].Status);
        Assert.Contains("0.05 seconds (PingTimeout)", report.Entries["mitogen-web1"].Description, StringComparison.Ordinal);
        never.SetResult(new FakeContext());
    }

    [Fact]
    public void A_time_out_of_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new ServiceCollection().AddHealthChecks().AddMitogen(new MitogenHealthOptions { PingTimeout = TimeSpan.FromSeconds(-1) }));

    private static Task<HealthReport> CheckAsync(ServiceProvider provider) =>
        provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

    private ServiceProvider NewProvider(MitogenHealthOptions options)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMitogen().AddContext("web1", "local").AddContext("web2", "local").AddRemote<IHosted>("web1").UseRoot(_root);
        services.AddHealthChecks().AddMitogen(options).AddMitogenContext("web1", options);
        return services.BuildServiceProvider();
    }
}
