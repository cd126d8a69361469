using Mitogen;

namespace Benchmarks.Contexts;

[RemoteService]
internal sealed class Bench : IBench
{
    public ValueTask<int> AddAsync(int left, int right) => new(left + right);

    public Task<int> AddTaskAsync(int left, int right) => Task.FromResult(left + right);

    public int Add(int left, int right) => left + right;

    public ValueTask<byte[]> EchoAsync(byte[] data) => new(data);
}

[RemoteService]
internal sealed class Bulk : IBulk
{
    private int _waiting;

    public ValueTask<int> TakeAsync(byte[] data) => new(data.Length);

    public ValueTask<byte[]> GiveAsync(int size) => new(new byte[size]);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        _ = Interlocked.Increment(ref _waiting);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            _ = Interlocked.Decrement(ref _waiting);
        }
    }

    public ValueTask<int> CountWaitingAsync() => new(Volatile.Read(ref _waiting));
}
