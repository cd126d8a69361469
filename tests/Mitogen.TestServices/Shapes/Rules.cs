using Mitogen.TestContracts.Shapes;

namespace Mitogen.TestServices.Shapes;

[RemoteService]
public sealed class Rules : IRules
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Under itself.
    private readonly List<int> _added = [];
    private int _waiting;
    private int _cancelled;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => Interlocked.Increment(ref _cancelled));
        _ = Interlocked.Increment(ref _waiting);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public async Task IgnoreAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => Interlocked.Increment(ref _cancelled));
        _ = Interlocked.Increment(ref _waiting);
        await _released.Task;
    }

    public async Task<string> CallOnAsync(IGate further, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => Interlocked.Increment(ref _cancelled));
        try
        {
            await further.PassAsync();
            _ = _ended.TrySetResult("passed");
        }
        catch (Exception e)
        {
            // The caller's own end of the call comes at about the same time.
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ = _ended.TrySetResult(e.GetType().Name);
            throw;
        }

        return "passed";
    }

    public Task<string> EndedWithAsync() => _ended.Task;

    public Task ReleaseAsync()
    {
        _released.SetResult();
        return Task.CompletedTask;
    }

    public Task<int> WaitingAsync() => Task.FromResult(Volatile.Read(ref _waiting));

    public Task<int> CancelledAsync() => Task.FromResult(Volatile.Read(ref _cancelled));

    public async Task AddAsync(int value)
    {
        lock (_added)
        {
            _added.Add(value);
        }

        await Task.Yield();
    }

    public Task<IReadOnlyList<int>> AddedAsync()
    {
        lock (_added)
        {
            return Task.FromResult<IReadOnlyList<int>>([.. _added]);
        }
    }

    public void Block()
    {
        _ = Interlocked.Increment(ref _waiting);
        _released.Task.GetAwaiter().GetResult();
    }
}

[RemoteService(Concurrency = ServiceConcurrency.Exclusive)]
public sealed class OneAtATime(IRemoteContext context) : IOneAtATime
{
    private int _inside;
    private int _count;
    private int _most;

    public async Task<int> EnterAsync(IGate gate, CancellationToken cancellationToken)
    {
        _ = Interlocked.Increment(ref _count);
        int inside = Enter();
        await gate.PassAsync();
        Leave();
        return inside;
    }

    public Task<int> CountAsync() => Task.FromResult(Volatile.Read(ref _count));

    public Task<int> MostAsync() => Task.FromResult(Volatile.Read(ref _most));

    public IAsyncEnumerable<int> ItemsAsync(int count, CancellationToken cancellationToken = default) => ItemsAsync(count);

    public Task<IAsyncEnumerable<int>> LaterItemsAsync(int count) => Task.FromResult(ItemsAsync(count));

    public async Task<int> SumOwnAsync(int count, bool later)
    {
        IOneAtATime self = context.Get<IOneAtATime>();
        int sum = 0;
        await foreach (int item in later ? await self.LaterItemsAsync(count) : self.ItemsAsync(count))
        {
            sum += item;
        }

        return sum;
    }

    public Task<IOneAtATime> SelfAsync() => Task.FromResult<IOneAtATime>(this);

    private async IAsyncEnumerable<int> ItemsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = Enter();
            await Task.Yield();
            Leave();
            yield return i;
        }
    }

    private int Enter()
    {
        int inside = Interlocked.Increment(ref _inside);
        for (int most = Volatile.Read(ref _most); inside > most; most = Volatile.Read(ref _most))
        {
            _ = Interlocked.CompareExchange(ref _most, inside, most);
        }

        return inside;
    }

    private void Leave() => Interlocked.Decrement(ref _inside);
}
