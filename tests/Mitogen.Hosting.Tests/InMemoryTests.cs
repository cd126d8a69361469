using Microsoft.Extensions.DependencyInjection;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Testing;

namespace Mitogen.Hosting.Tests;

/// <summary>Named contexts over memory, with a clock that the test moves.</summary>
public sealed class InMemoryTests : IAsyncDisposable
{
    private readonly InProcessRoot _root = InProcessRoot.Create();
    private readonly ManualTime _time = new();
    private int _starts;
    private bool _isFailing;

    public InMemoryTests() => _root.OnConnect<LocalConnection>(connection =>
    {
        _ = Interlocked.Increment(ref _starts);
        return _isFailing ? FakeContext.Failing(BootstrapReason.NoRuntime, "There is no runtime.") : new FakeContext();
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _root.DisposeAsync();

    [Fact]
    public async Task A_context_starts_at_its_first_use_and_is_shared()
    {
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local").AddContext("web2", "local").AddRemote<IHosted>("web1"));
        IRemoteContext web1 = provider.GetRequiredKeyedService<IRemoteContext>("web1");
        IHosted hosted = provider.GetRequiredService<IHosted>();
        Assert.Same(hosted, provider.GetRequiredKeyedService<IHosted>("web1"));
        Assert.Same(_root, provider.GetRequiredService<IRemoteContext>());
        Assert.Equal((0, 0u, "web1"), (_starts, web1.Id, web1.Name));
        Assert.Throws<InvalidOperationException>(() => web1.Info);

        string[] names = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? hosted : web1.Get<IHosted>()).NameAsync())));

        Assert.All(names, name => Assert.Equal("web1", name));
        Assert.Equal(1, _starts);
        Assert.Equal(Environment.ProcessId, web1.Info.ProcessId);
        Assert.Equal(["web1"], _root.Children.Select(child => child.Name));
        await using IRemoteContext below = await web1.ConnectAsync(new LocalConnection { Name = "below" }, Cancellation);
        Assert.Equal(["below"], web1.Children.Select(child => child.Name));
        Assert.Equal("IHosted at web1", hosted.ToString());
    }

    [Fact]
    public async Task A_lost_context_comes_back_at_the_next_call_and_calls_under_way_are_not_repeated()
    {
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local://?name=a+local").AddRemote<IHosted>("web1"));
        IHosted hosted = provider.GetRequiredService<IHosted>();
        Assert.Equal("web1", await hosted.NameAsync());
        Task waiting = hosted.WaitAsync(Cancellation);
        int starts = _starts;

        await Assert.Single(_root.Children).DisposeAsync();

        await Assert.ThrowsAsync<ContextLostException>(() => waiting).InTimeAsync();
        await Eventually.UntilAsync(() => _root.Children.Count == 0);
        Assert.Equal("web1", await hosted.NameAsync());
        Assert.Equal(2 * starts, _starts);
        Assert.False(provider.GetRequiredKeyedService<IRemoteContext>("web1").Disconnected.IsCancellationRequested);
    }

    [Fact]
    public async Task A_failed_start_is_told_to_each_call_and_tried_again_after_a_delay_that_grows()
    {
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local", options => options.MaxRetryDelay = TimeSpan.FromSeconds(3)));
        IHosted hosted = provider.GetRequiredKeyedService<IRemoteContext>("web1").Get<IHosted>();
        _isFailing = true;
        foreach ((int start, int seconds) in new[] { (1, 1), (2, 2), (3, 3), (4, 3) })
        {
            await FailsAsync(hosted);
            await FailsAsync(hosted);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            await FailsAsync(hosted);
            Assert.Equal(start, _starts);
            _time.Advance(TimeSpan.FromTicks(1));
        }

        _isFailing = false;
        Assert.Equal("web1", await hosted.NameAsync());
        Assert.Equal(5, _starts);
    }

    [Fact]
    public async Task A_context_that_is_lost_soon_after_each_start_waits_before_the_next()
    {
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local://?name=a+local"));
        IHosted hosted = provider.GetRequiredKeyedService<IRemoteContext>("web1").Get<IHosted>();
        async Task LoseAsync()
        {
            Task waiting = hosted.WaitAsync(Cancellation);
            Assert.Equal("web1", await hosted.NameAsync());
            await Assert.Single(_root.Children).DisposeAsync();
            await Assert.ThrowsAsync<ContextLostException>(() => waiting).InTimeAsync();
        }

        await LoseAsync();
        await LoseAsync();
        await Assert.ThrowsAsync<ContextLostException>(() => hosted.NameAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("web1", await hosted.NameAsync());

        // One that lived long enough is as good as new.
        _time.Advance(TimeSpan.FromSeconds(30));
        await LoseAsync();
        Assert.Equal("web1", await hosted.NameAsync());
    }

    [Fact]
    public async Task A_start_that_cannot_be_tried_is_the_callers_error_and_waits_as_well()
    {
        int asked = 0;
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", _ => ++asked == 1
            ? throw new TimeZoneNotFoundException("no secret today")
            : [new LocalConnection { Name = "own" }]));
        IHosted hosted = provider.GetRequiredKeyedService<IRemoteContext>("web1").Get<IHosted>();

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => hosted.NameAsync());
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => hosted.NameAsync());
        Assert.Equal(1, asked);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("own", await hosted.NameAsync());
    }

    [Fact]
    public async Task A_context_that_its_user_shuts_down_starts_again_and_one_that_is_disposed_does_not()
    {
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local").AddContext("unused", "local"));
        IRemoteContext web1 = provider.GetRequiredKeyedService<IRemoteContext>("web1");
        IRemoteContext unused = provider.GetRequiredKeyedService<IRemoteContext>("unused");
        await web1.ShutdownAsync(Cancellation);
        await web1.PingAsync(Cancellation);
        await web1.ShutdownAsync(Cancellation);
        Assert.Empty(_root.Children);
        Assert.Equal("web1", await web1.Get<IHosted>().NameAsync());

        await web1.DisposeAsync();
        await unused.DisposeAsync();

        Assert.Equal(DisconnectKind.Disposed, (await Assert.ThrowsAsync<ContextLostException>(() => web1.Get<IHosted>().NameAsync())).Reason.Kind);
        await Assert.ThrowsAsync<ContextLostException>(() => unused.Get<IHosted>().NameAsync());
        Assert.Equal(DisconnectKind.Disposed, web1.DisconnectReason!.Kind);
        Assert.True(web1.Disconnected.IsCancellationRequested);
        Assert.Equal(2, _starts);
    }

    [Fact]
    public async Task A_provider_is_disposed_synchronously_and_its_contexts_are_gone()
    {
        ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local").AddRemote<IHosted>("web1"));
        Assert.Equal("web1", await provider.GetRequiredService<IHosted>().NameAsync());

#pragma warning disable CA1849 // the test is about it
        provider.Dispose();
#pragma warning restore CA1849

        Assert.Empty(_root.Children);
        Assert.Null(_root.DisconnectReason);
    }

    [Fact]
    public async Task Wrong_options_of_calls_are_refused_at_once()
    {
        await using ServiceProvider provider = NewProvider(mitogen => mitogen.AddContext("web1", "local"));
        IRemoteContext web1 = provider.GetRequiredKeyedService<IRemoteContext>("web1");
        Assert.Throws<ArgumentOutOfRangeException>(() => web1.Get<IHosted>(new CallOptions { Timeout = TimeSpan.Zero }));
#pragma warning disable MITO063 // this is what happens where nobody heeds it
        Assert.Throws<InvalidOperationException>(() => web1.Get<IDisposable>());
#pragma warning restore MITO063
        await Assert.ThrowsAsync<TimeoutException>(() => web1.Get<IHosted>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(1) }).WaitAsync(Cancellation));
    }

    private static async Task FailsAsync(IHosted hosted) =>
        Assert.Equal(BootstrapReason.NoRuntime, (await Assert.ThrowsAsync<BootstrapException>(() => hosted.NameAsync())).Reason);

    private ServiceProvider NewProvider(Action<MitogenBuilder> add)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        MitogenBuilder mitogen = services.AddMitogen();
        add(mitogen);
        mitogen.UseRoot(_root);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
