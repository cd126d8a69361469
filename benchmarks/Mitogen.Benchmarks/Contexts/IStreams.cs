using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>Streams of items and bytes.</summary>
[Remote]
public interface IStreams
{
    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    Task<long> SumAsync(IAsyncEnumerable<int> items);

    Task<Stream> OpenAsync(long count);

    Task<long> DrainAsync(Stream source);
}

/// <summary>Objects that come and go.</summary>
[Remote]
public interface IObjects
{
    Task<IThing> CreateAsync();

    IThing Promise();

    Task<int> CallBackAsync(IThing thing);
}

/// <summary>An object.</summary>
[Remote]
public interface IThing : IAsyncDisposable
{
    ValueTask<int> AddAsync(int left, int right);

    IThing Next();
}
