namespace Mitogen.Runtime.Tests.Calls;

/// <summary>What a hostile child is given to call.</summary>
[Remote]
public interface IPrey
{
    IPrey Open(IPrey? from);

    byte[] Block(int step, byte[] data);

    Task<byte[]> RunAsync(int step, byte[] data);

    IAsyncEnumerable<byte[]> ItemsAsync(int count, CancellationToken cancellationToken = default);

    Task VoidAsync();
}

internal sealed class Prey : IPrey
{
    private int _running;
    private int _most;
    private int _begun;

    public Func<IPrey?, IPrey> Opened { get; init; } = from => new Prey();

    public Func<int, byte[], byte[]> Blocked { get; init; } = (_, data) => data;

    public Func<int, byte[], Task<byte[]>> Ran { get; init; } = (_, data) => Task.FromResult(data);

    /// <summary>How many blocking methods ran at the same time at the most.</summary>
    public int Most => Volatile.Read(ref _most);

    public int Running => Volatile.Read(ref _running);

    public int Begun => Volatile.Read(ref _begun);

    public IPrey Open(IPrey? from) => Opened(from);

    public byte[] Block(int step, byte[] data)
    {
        _ = Interlocked.Increment(ref _begun);
        int running = Interlocked.Increment(ref _running);
        for (int most = Most; running > most; most = Most)
        {
            _ = Interlocked.CompareExchange(ref _most, running, most);
        }

        try
        {
            return Blocked(step, data);
        }
        finally
        {
            _ = Interlocked.Decrement(ref _running);
        }
    }

    public Task<byte[]> RunAsync(int step, byte[] data)
    {
        _ = Interlocked.Increment(ref _begun);
        return Ran(step, data);
    }

    public async IAsyncEnumerable<byte[]> ItemsAsync(int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new byte[1000];
        }
    }

    public Task VoidAsync() => Task.CompletedTask;
}
