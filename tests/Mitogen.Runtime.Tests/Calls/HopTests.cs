using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>A failure deep in a chain of contexts reads the same as a direct one.</summary>
public sealed class HopTests : CallTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_exception_keeps_its_type_its_detail_and_where_it_was_thrown(int hops)
    {
        InProcessRoot root = NewRoot();
        IRelay relay = root.Get<IRelay>();
        string path = string.Join('/', Enumerable.Range(0, hops).Reverse().Select(i => $"hop{i}").Prepend("root"));

        FileNotFoundException file = await Assert.ThrowsAsync<FileNotFoundException>(() => relay.FailAsync(hops, "file"));
        ArgumentNullException argument = await Assert.ThrowsAsync<ArgumentNullException>(() => relay.FailAsync(hops, "argument"));
        RemoteCallException odd = await Assert.ThrowsAsync<RemoteCallException>(() => relay.FailAsync(hops, "odd"));

        Assert.Equal("/etc/none", file.FileName);
        Assert.Equal("no such file", file.Message);
        RemoteCallException inside = Assert.IsType<RemoteCallException>(file.InnerException);
        Assert.Equal(path, inside.ContextPath);
        Assert.Equal(typeof(FileNotFoundException).FullName, inside.RemoteType);
        Assert.Contains("ThrowAsync", inside.RemoteStackTrace, StringComparison.Ordinal);
        Assert.Equal("thing", argument.ParamName);
        Assert.Equal("missing (Parameter 'thing')", argument.Message);
        Assert.Equal((path, "odd", typeof(OddException).FullName), (odd.ContextPath, odd.Message, odd.RemoteType));
    }

    [Fact]
    public async Task Everything_of_an_exception_survives_four_hops()
    {
        IRelay relay = NewRoot().Get<IRelay>();

        AggregateException several = await Assert.ThrowsAsync<AggregateException>(() => relay.FailAsync(4, "several"));
        OddException odd = new(new string('x', 1024 * 1024));
        RemoteCallException large = await Assert.ThrowsAsync<RemoteCallException>(() => relay.FailAsync(4, odd.Message));

        Assert.Equal(["/etc/none", "two"], several.InnerExceptions.Select(e => (e as FileNotFoundException)?.FileName ?? e.Message));
        Assert.Equal((5, "root/hop3/hop2/hop1/hop0"), (several.Data["count"], RemoteCallException.Of(several)!.ContextPath));
        Assert.InRange(large.Message.Length, (32 * 1024) - 64, 32 * 1024);
        Assert.EndsWith("... (cut: it has 1048576 characters)", large.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_context_that_does_not_come_up_far_away_says_so_here()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(c => c.Name == "never" ? FakeContext.Failing(BootstrapReason.NoRuntime, "There is no runtime.") : new FakeContext());

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => root.Get<IRelay>().FailAsync(3, "bootstrap"));

        Assert.Equal((BootstrapReason.NoRuntime, "never", "root/hop2/hop1/hop0", "There is no runtime."), (error.Reason, error.ContextName, error.Hop, error.Detail));
    }

    [Fact]
    public async Task A_context_lost_far_away_says_so_here()
    {
        InProcessRoot root = NewRoot();

        ContextLostException error = await Assert.ThrowsAsync<ContextLostException>(() => root.Get<IRelay>().FailAsync(3, "lost"));

        Assert.Equal("root/hop2/hop1/hop0/gone", error.ContextName);
        Assert.Equal(DisconnectKind.Disposed, error.Reason.Kind);
    }

    [Fact]
    public async Task A_deadline_far_away_arrives_as_a_time_out()
    {
        InProcessRoot root = NewRoot();

        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(() => root.Get<IRelay>().FailAsync(2, "deadline"));

        Assert.Equal("root/hop1/hop0", Assert.IsType<RemoteCallException>(error.InnerException).ContextPath);
    }

    [Fact]
    public async Task A_token_is_cancelled_through_every_hop()
    {
        InProcessRoot root = NewRoot();
        using CancellationTokenSource source = new();
        string key = Guid.NewGuid().ToString();
        Task call = root.Get<IRelay>().WaitAsync(3, key, source.Token);
        await UntilAsync(() => Relay.Waiting.ContainsKey(key));

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Relay.Waiting[key].Task.InTimeAsync();
    }
}

public sealed class OddException(string message) : Exception(message);

[Remote]
public interface IRelay
{
    /// <summary>Starts a context, which starts the next, until the last one fails.</summary>
    Task FailAsync(int hops, string how);

    Task WaitAsync(int hops, string key, CancellationToken cancellationToken);
}

[RemoteService]
internal sealed class Relay(IRemoteContext context) : IRelay
{
    public static System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource> Waiting { get; } = new();

    public async Task FailAsync(int hops, string how)
    {
        if (hops == 0)
        {
            await ThrowAsync(how);
            return;
        }

        await using IRemoteContext next = await context.ConnectAsync(new LocalConnection { Name = $"hop{hops - 1}" });
        await next.Get<IRelay>().FailAsync(hops - 1, how);
    }

    public async Task WaitAsync(int hops, string key, CancellationToken cancellationToken)
    {
        if (hops > 0)
        {
            await using IRemoteContext next = await context.ConnectAsync(new LocalConnection { Name = $"hop{hops - 1}" }, cancellationToken);
            await next.Get<IRelay>().WaitAsync(hops - 1, key, cancellationToken);
            return;
        }

        TaskCompletionSource seen = Waiting[key] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.Register(seen.SetResult);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static ArgumentNullException Missing(string name) => new(name, "missing");

    private async Task ThrowAsync(string how)
    {
        switch (how)
        {
            case "file":
                throw new FileNotFoundException("no such file", "/etc/none");
            case "several":
                throw new AggregateException("several", new FileNotFoundException("no such file", "/etc/none"), new OddException("two")) { Data = { ["count"] = 5 } };
            case "argument":
                throw Missing("thing");
            case "bootstrap":
                _ = await context.ConnectAsync(new LocalConnection { Name = "never" });
                break;
            case "lost":
                IRemoteContext gone = await context.ConnectAsync(new LocalConnection { Name = "gone" });
                Task pending = gone.Get<IRelay>().WaitAsync(0, Guid.NewGuid().ToString(), default);
                await gone.DisposeAsync();
                await pending;
                break;
            case "deadline":
                await context.Get<IRelay>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(50) }).WaitAsync(0, Guid.NewGuid().ToString(), default);
                break;
            default:
                throw new OddException(how);
        }
    }
}
