using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosting.Tests;

/// <summary>Named contexts that are processes.</summary>
public sealed class HostedProcessTests : LeakCheckedTest
{
    [Fact]
    public async Task A_process_that_is_killed_is_replaced_and_ends_with_the_host()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMitogen().AddContext("web1", "local").AddRemote<IHosted>("web1");
        builder.Services.AddHealthChecks().AddMitogen();
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        IHosted hosted = host.Services.GetRequiredService<IHosted>();
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        int first = await hosted.ProcessAsync();
        Assert.NotEqual(Environment.ProcessId, first);
        Task waiting = hosted.WaitAsync(Cancellation);

        using (Process process = Process.GetProcessById(first))
        {
            process.Kill();
        }

        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => waiting).InTimeAsync();
        Assert.Equal(DisconnectKind.Exited, lost.Reason.Kind);
        HealthReport report = await health.CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("signal 9", (string)report.Entries["mitogen"].Data["web1"], StringComparison.Ordinal);
        Assert.NotEqual(first, await hosted.ProcessAsync());
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancellation)).Status);
        IRemoteContext own = await host.Services.GetRequiredService<IRemoteContext>().ConnectAsync(new LocalConnection { Name = "own" }, Cancellation);

        await host.StopAsync(Cancellation);

        Assert.Equal(DisconnectKind.Disposed, own.DisconnectReason!.Kind);
        Assert.Equal(DisconnectKind.Disposed, (await Assert.ThrowsAsync<ContextLostException>(() => hosted.ProcessAsync())).Reason.Kind);
    }

    [Fact]
    public async Task A_host_that_ends_gives_up_a_start_that_is_under_way()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMitogen().AddContext("web1", "exec://sleep?argument=1000").AddRemote<IHosted>("web1");
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        Task<int> call = host.Services.GetRequiredService<IHosted>().ProcessAsync();

        await host.StopAsync(Cancellation);

        await Assert.ThrowsAsync<ContextLostException>(() => call).InTimeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_is_disposed_leaves_no_process(bool isSynchronous)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMitogen().AddContext("web1", "local+local").AddRemote<IHosted>("web1");
        ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal("web1", await provider.GetRequiredService<IHosted>().NameAsync());
        _ = await provider.GetRequiredService<MitogenRoot>().ConnectAsync("local", Cancellation);
        int child = await provider.GetRequiredService<IHosted>().ProcessAsync();

        if (isSynchronous)
        {
#pragma warning disable CA1849 // the test is about it
            provider.Dispose();
#pragma warning restore CA1849
        }
        else
        {
            await provider.DisposeAsync();
        }

        Assert.False(Directory.Exists($"/proc/{child}"));
    }
}
