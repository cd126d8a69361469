using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Services;

public sealed class ServiceTests : CallTest
{
    private readonly string _name = $"root-{Guid.NewGuid():N}";

    private string[] Events => [.. Ledger.Of(_name)];

    [Fact]
    public async Task A_context_has_one_instance_of_each_service_and_disposes_them_in_reverse()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name });
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        Assert.Empty(Events);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => child.Get<IFirst>().TouchAsync()));
        Assert.Equal(101, await child.Get<ISecond>().NextAsync(100));
        Assert.Equal(51, await child.Get<IFirst>().CountAsync());
        Assert.Equal(1, await root.Get<IFirst>().CountAsync());
        await child.DisposeAsync();

        Assert.Equal(["child +First", "child +Second", $"{_name} +First", "child -Second", "child -First"], Events);
        await root.DisposeAsync();
        Assert.Equal($"{_name} -First", Events[^1]);
    }

    [Fact]
    public async Task A_failed_creation_fails_the_call_and_the_next_call_tries_again()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name });

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => root.Get<IFlaky>().TryAsync());
        Assert.Equal("not this time", error.Message);

        Assert.Equal(2, await root.Get<IFlaky>().TryAsync());
        Assert.Equal(2, await root.Get<IFlaky>().TryAsync());
    }

    [Fact]
    public async Task A_service_that_calls_another_while_it_is_made_does_not_wait_for_itself()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name });

        Assert.Equal(1, await root.Get<ICurious>().SeenAsync().InTimeAsync());
    }

    [Fact]
    public async Task Services_log_and_know_their_context()
    {
        RecordingLoggers loggers = new();
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name, LoggerFactory = loggers });
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);

        Assert.Equal($"child in {_name}", await child.Get<ISecond>().WhereAsync());
        await UntilAsync(() => loggers.Records.Any(r => r.Message == "asked where"));
        RecordedLog record = loggers.Records.First(r => r.Message == "asked where");
        Assert.Equal(typeof(Second).FullName, record.Category);
        Assert.Equal($"{_name}/child", record.Context);

        Assert.Equal($"{_name} in nothing", await root.Get<ISecond>().WhereAsync());
        await UntilAsync(() => loggers.Records.Count(r => r.Message == "asked where") == 2);
    }

    [Fact]
    public async Task A_startup_runs_once_in_each_context_that_creates_a_service()
    {
        int configured = 0;
        RemoteCatalog catalog = CatalogWith(services =>
        {
            _ = Interlocked.Increment(ref configured);
            services.AddSingleton<Greeting>();
        });
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name, Catalog = catalog });
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        Assert.Equal(0, configured);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => child.Get<IPoliteGreeter>().GreetAsync("you")));
        Assert.Equal(1, configured);
        Assert.Equal("Hello from child, you", await child.Get<IPoliteGreeter>().GreetAsync("you"));
        Assert.Equal($"Hello from {_name}, you", await root.Get<IPoliteGreeter>().GreetAsync("you"));
        Assert.Equal(2, configured);

        await child.DisposeAsync();
        Assert.Contains("child -Greeting", Events);
    }

    [Fact]
    public async Task A_startup_that_fails_fails_the_call_and_is_tried_again()
    {
        int attempts = 0;
        RemoteCatalog catalog = CatalogWith(services =>
        {
            if (attempts++ == 0)
            {
                throw new InvalidDataException("not yet");
            }

            services.AddSingleton<Greeting>();
        });
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name, Catalog = catalog });

        await Assert.ThrowsAsync<InvalidDataException>(() => root.Get<IPoliteGreeter>().GreetAsync("you"));

        Assert.Equal($"Hello from {_name}, you", await root.Get<IPoliteGreeter>().GreetAsync("you"));
    }

    [Fact]
    public async Task Without_a_startup_what_it_would_register_is_missing()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { Name = _name, Catalog = CatalogWith(null) });

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => root.Get<IPoliteGreeter>().GreetAsync("you"));

        Assert.Contains(nameof(Greeting), error.Message, StringComparison.Ordinal);
    }

    private static RemoteCatalog CatalogWith(Action<IServiceCollection>? configure)
    {
        RemoteCatalog catalog = new();
        Generated.Mitogen_Runtime_Tests.Registration.Register(catalog);
        if (configure is not null)
        {
            catalog.AddStartup("test", services => configure((IServiceCollection)services));
        }

        return catalog;
    }
}

internal static class Ledger
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> s_events = new();

    public static ConcurrentQueue<string> Of(string root) => s_events.GetOrAdd(root, _ => new());

    public static void Add(IRemoteContext context, string what)
    {
        IRemoteContext root = context;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        Of(root.Name).Enqueue($"{context.Name} {what}");
    }
}

[Remote]
internal interface IFirst
{
    Task TouchAsync();

    Task<int> CountAsync();
}

[RemoteService]
internal sealed class First : IFirst, IDisposable
{
    private readonly IRemoteContext _context;
    private int _count;

    public First(IRemoteContext context)
    {
        _context = context;
        Thread.Sleep(20);
        Ledger.Add(context, "+First");
    }

    public Task TouchAsync()
    {
        _ = Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }

    public Task<int> CountAsync() => Task.FromResult(Interlocked.Increment(ref _count));

    public void Dispose() => Ledger.Add(_context, "-First");
}

[Remote]
internal interface ISecond
{
    Task<int> NextAsync(int value);

    Task<string> WhereAsync();
}

[RemoteService]
internal sealed partial class Second : ISecond, IAsyncDisposable
{
    private readonly IRemoteContext _context;
    private readonly ILogger<Second> _log;

    public Second(ILogger<Second> log, IRemoteContext context)
    {
        (_log, _context) = (log, context);
        Ledger.Add(context, "+Second");
    }

    public Task<int> NextAsync(int value) => Task.FromResult(value + 1);

    public Task<string> WhereAsync()
    {
        AskedWhere(_log);
        return Task.FromResult($"{_context.Name} in {_context.Parent?.Name ?? "nothing"}");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        Ledger.Add(_context, "-Second");
    }

    [LoggerMessage(1, LogLevel.Information, "asked where")]
    private static partial void AskedWhere(ILogger logger);
}

[Remote]
internal interface IFlaky
{
    Task<int> TryAsync();
}

[RemoteService]
internal sealed class Flaky : IFlaky
{
    private static readonly ConcurrentDictionary<string, int> s_attempts = new();

    private readonly int _attempt;

    public Flaky(IRemoteContext context)
    {
        _attempt = s_attempts.AddOrUpdate(context.Name, 1, (_, n) => n + 1);
        if (_attempt == 1)
        {
            throw new InvalidDataException("not this time");
        }
    }

    public Task<int> TryAsync() => Task.FromResult(_attempt);
}

[Remote]
internal interface ICurious
{
    Task<int> SeenAsync();
}

[Remote]
internal interface ICounted
{
    int Count();
}

[RemoteService]
internal sealed class Counted : ICounted
{
    private int _count;

    public int Count() => Interlocked.Increment(ref _count);
}

[RemoteService]
internal sealed class Curious(IRemoteContext context) : ICurious
{
    private readonly int _seen = context.Get<ICounted>().Count();

    public Task<int> SeenAsync() => Task.FromResult(_seen);
}

internal sealed class Greeting(IRemoteContext context, ILogger<Greeting> log) : IDisposable
{
    public string Text => log.IsEnabled(LogLevel.None) ? "" : $"Hello from {context.Name}";

    public void Dispose() => Ledger.Add(context, "-Greeting");
}

[Remote]
internal interface IPoliteGreeter
{
    Task<string> GreetAsync(string name);
}

[RemoteService]
internal sealed class PoliteGreeter(Greeting greeting) : IPoliteGreeter
{
    public Task<string> GreetAsync(string name) => Task.FromResult($"{greeting.Text}, {name}");
}
