using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mitogen.Testing;

namespace Mitogen.Hosting.Tests;

public sealed class HostingOptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_and_contexts_come_from_the_configuration_and_can_be_set_after_it()
    {
        IConfiguration configuration = Configuration(
            ("Mitogen:Name", "app"),
            ("Mitogen:MaxOpenStreams", "77"),
            ("Mitogen:KeepAliveInterval", "00:00:20"),
            ("Mitogen:Contexts:web1", "local://?name=one"),
            ("Mitogen:Contexts:web2:Connection", "local"),
            ("Mitogen:Contexts:web2:MaxRetryDelay", "00:05:00"));
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMitogen(configuration.GetSection("Mitogen"));
        services.Configure<MitogenOptions>(options => options.MaxWaitingCalls = 5);
        services.Configure<NamedContextOptions>("web2", options => options.RetryDelay = TimeSpan.FromSeconds(9));
        await using ServiceProvider provider = services.BuildServiceProvider();

        MitogenOptions root = provider.GetRequiredService<IOptions<MitogenOptions>>().Value;
        Assert.Equal(("app", 77, TimeSpan.FromSeconds(20), 5), (root.Name, root.MaxOpenStreams, root.KeepAliveInterval, root.MaxWaitingCalls));
        NamedContextOptions web2 = provider.GetRequiredService<IOptionsMonitor<NamedContextOptions>>().Get("web2");
        Assert.Equal(("local", TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(5)), (web2.Connection, web2.RetryDelay, web2.MaxRetryDelay));
        Assert.Equal("local://?name=one", provider.GetRequiredService<IOptionsMonitor<NamedContextOptions>>().Get("web1").Connection);
        Assert.Equal("app", provider.GetRequiredService<MitogenRoot>().Name);
        Assert.Same(provider.GetRequiredService<MitogenRoot>(), provider.GetRequiredService<IRemoteContext>());
        Assert.Equal("web2", provider.GetRequiredKeyedService<IRemoteContext>("web2").Name);
    }

    [Fact]
    public async Task The_next_start_takes_what_the_configuration_has_then()
    {
        await using InProcessRoot root = InProcessRoot.Create();
        IConfigurationRoot configuration = Configuration(("Contexts:web1", "local://?name=one"));
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMitogen(configuration).UseRoot(root).AddRemote<IHosted>("web1");
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal("one", await provider.GetRequiredService<IHosted>().NameAsync());

        configuration["Contexts:web1"] = "local://?name=two";
        configuration.Reload();
        await provider.GetRequiredKeyedService<IRemoteContext>("web1").ShutdownAsync(Cancellation);

        Assert.Equal("two", await provider.GetRequiredService<IHosted>().NameAsync());
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named_when_the_host_starts()
    {
        HostApplicationBuilder builder = NewBuilder();
        builder.Services.AddMitogen(options =>
        {
            options.Name = "a/b";
            options.InitialWindow = 1;
            options.MaxOpenStreams = -1;
        });
        using IHost host = builder.Build();

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(3, error.Failures.Count());
        Assert.Contains("MitogenOptions.InitialWindow is from 1024 to 1048576. It is 1.", error.Failures);
        Assert.Contains("MitogenOptions.MaxOpenStreams is from 1 to 1048576. It is -1.", error.Failures);
        Assert.Contains(error.Failures, failure => failure.Contains("'a/b'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dcoker://db", "expected one of local, ssh")]
    [InlineData("ssh://me:hunter2@web1", "passwords do not belong into strings")]
    public async Task A_wrong_connection_string_is_shown_when_the_host_starts(string connection, string expected)
    {
        HostApplicationBuilder builder = NewBuilder();
        builder.Services.AddMitogen().AddContext("web1", connection, options => options.RetryDelay = TimeSpan.FromDays(2)).AddContext("good", "local");
        using IHost host = builder.Build();

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(2, error.Failures.Count());
        Assert.All(error.Failures, failure => Assert.StartsWith("The context 'web1': ", failure, StringComparison.Ordinal));
        Assert.Contains(error.Failures, failure => failure.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_no_context_can_have_is_told_when_the_host_starts()
    {
        HostApplicationBuilder builder = NewBuilder();
        builder.Services.AddMitogen().AddContext("a/b", "local");
        using IHost host = builder.Build();

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.Equal("The context 'a/b': a context's name has 1 to 100 characters, and no slash or control character.", Assert.Single(error.Failures));
    }

    [Fact]
    public async Task A_context_that_nobody_added_is_an_error_that_lists_the_others()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMitogen().AddContext("web1", "local");
        services.AddHealthChecks().AddMitogenContext("web2");
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Null(provider.GetKeyedService<IRemoteContext>("web2"));
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => provider.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>().CheckHealthAsync(Cancellation));
        Assert.Contains("web1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_roots_services_are_built_from_the_applications_provider()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(new GreetingText("hello from the provider"));
        services.AddMitogen();
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal("hello from the provider", await provider.GetRequiredService<IRemoteContext>().Get<IGreeting>().GreetAsync());
    }

    private static HostApplicationBuilder NewBuilder() => Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create<string, string?>(value.Key, value.Value)))
        .Build();
}
