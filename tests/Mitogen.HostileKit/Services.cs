using Microsoft.Extensions.Logging;

namespace Mitogen.HostileKit;

[RemoteService]
internal sealed class Keeper(ILogger<Keeper> log) : IKeeper
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _live;

    public Task PingAsync() => Task.CompletedTask;

    public Task<IThing> MakeAsync()
    {
        _ = Interlocked.Increment(ref _live);
        return Task.FromResult<IThing>(new Thing(() => Interlocked.Decrement(ref _live)));
    }

    public Task<int> LiveAsync() => Task.FromResult(Volatile.Read(ref _live));

    public Task LogAsync(int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            log.LogWarning("Line {Number} of those that must arrive.", i);
        }

        return Task.CompletedTask;
    }

    public Task<Vitals> VitalsAsync() => Task.FromResult(Vitals.Read());

    public string Hold(IGrant grant)
    {
        _released.Task.GetAwaiter().GetResult();
        return "released";
    }

    public Task ReleaseAsync()
    {
        _ = _released.TrySetResult();
        return Task.CompletedTask;
    }
}

[RemoteService(Concurrency = ServiceConcurrency.Exclusive)]
internal sealed class Vault : IVault
{
    private int _inside;
    private int _most;
    private int _seen;

    public Task LendAsync(IHostile to) => to.TakeAsync(this);

    public async Task MarkAsync()
    {
        int inside = Interlocked.Increment(ref _inside);
        _ = Interlocked.Increment(ref _seen);
        for (int most = _most; inside > most;)
        {
            most = Interlocked.CompareExchange(ref _most, inside, most);
        }

        await Task.Delay(2);
        _ = Interlocked.Decrement(ref _inside);
    }

    public Task<int[]> SeenAsync() => Task.FromResult<int[]>([_seen, _most]);
}

internal sealed class Thing(Action? gone = null) : IThing
{
    private Action? _gone = gone;

    public Task PingAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _gone, null)?.Invoke();
        return default;
    }
}

/// <summary>What the hostile context is given; it notes on which threads it is called.</summary>
internal sealed class Grant : IGrant
{
    private static readonly TimeSpan s_blockTime = TimeSpan.FromSeconds(1);
    private readonly HashSet<int> _threads = [];

    /// <summary>The threads on which calls that claim a chain ran.</summary>
    public IReadOnlyCollection<int> Threads
    {
        get
        {
            lock (_threads)
            {
                return [.. _threads];
            }
        }
    }

    public Task<string> AnswerAsync(string text) => Task.FromResult("granted");

    public Task<IThing> MakeAsync() => Task.FromResult<IThing>(new Thing());

    public Task MarkAsync()
    {
        lock (_threads)
        {
            _ = _threads.Add(Environment.CurrentManagedThreadId);
        }

        return Task.CompletedTask;
    }

    public void Block() => Thread.Sleep(s_blockTime);
}
