namespace Mitogen.TestContracts.Shapes;

/// <summary>Streams of items, every way.</summary>
[Remote]
public interface IItems
{
    IAsyncEnumerable<int> CountAsync(int first, int count, CancellationToken cancellationToken = default);

    /// <summary>Counts for ever; <see cref="ProducedAsync"/> says how far it came.</summary>
    IAsyncEnumerable<int> EndlessAsync(CancellationToken cancellationToken = default);

    /// <summary>Never has an item, and does not heed its token before <see cref="ProducedAsync"/> counted it.</summary>
    IAsyncEnumerable<string> NeverAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<byte[]> LargeAsync(int size, int count, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> FailAfterAsync(int count, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);

    Task<long> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);

    Task<long> SumFirstAsync(IAsyncEnumerable<int> items, int count, CancellationToken cancellationToken = default);

    Task IgnoreAsync(IAsyncEnumerable<int> items);

    Task<(IAsyncEnumerable<int> Even, IAsyncEnumerable<int> Odd)> SplitAsync(int count);

    Task<int> ProducedAsync();

    /// <summary>Completes when every stream that was begun has been disposed.</summary>
    Task AllEndedAsync(CancellationToken cancellationToken = default);
}
