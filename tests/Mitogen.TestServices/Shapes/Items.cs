using System.Runtime.CompilerServices;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.TestServices.Shapes;

[RemoteService]
public sealed class Items : IItems
{
    private int _produced;
    private int _running;

    public async IAsyncEnumerable<int> CountAsync(int first, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 1000 == 999)
            {
                await Task.Yield();
            }

            yield return first + i;
        }
    }

    public async IAsyncEnumerable<int> EndlessAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Run run = new(this);
        for (int i = 0; ; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i % 1000 == 999)
            {
                await Task.Yield();
            }

            _ = Interlocked.Increment(ref _produced);
            yield return i;
        }
    }

    public async IAsyncEnumerable<string> NeverAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Run run = new(this);
        _ = Interlocked.Increment(ref _produced);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield return "never";
    }

    public async IAsyncEnumerable<byte[]> LargeAsync(int size, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            byte[] item = new byte[size];
            Array.Fill(item, (byte)i);
            yield return item;
        }
    }

    public async IAsyncEnumerable<int> FailAfterAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Run run = new(this);
        for (int i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.Yield();
        throw new InvalidDataException($"After {count} items.");
    }

    public async IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (int item in items.WithCancellation(cancellationToken))
        {
            yield return item * 2;
        }
    }

    public async Task<long> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
    {
        long sum = 0;
        await foreach (int item in items.WithCancellation(cancellationToken))
        {
            sum += item;
        }

        return sum;
    }

    public async Task<long> SumFirstAsync(IAsyncEnumerable<int> items, int count, CancellationToken cancellationToken)
    {
        long sum = 0;
        await foreach (int item in items.WithCancellation(cancellationToken))
        {
            sum += item;
            if (--count == 0)
            {
                break;
            }
        }

        return sum;
    }

    public Task IgnoreAsync(IAsyncEnumerable<int> items) => Task.CompletedTask;

    public Task<(IAsyncEnumerable<int> Even, IAsyncEnumerable<int> Odd)> SplitAsync(int count) =>
        Task.FromResult((EveryOtherAsync(0, count), EveryOtherAsync(1, count)));

    public Task<int> ProducedAsync() => Task.FromResult(Volatile.Read(ref _produced));

    public async Task AllEndedAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _running) > 0)
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    private static async IAsyncEnumerable<int> EveryOtherAsync(int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return first + (2 * i);
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly Items _items;

        public Run(Items items)
        {
            _items = items;
            _ = Interlocked.Increment(ref items._running);
        }

        public void Dispose() => Interlocked.Decrement(ref _items._running);
    }
}
