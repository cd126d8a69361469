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
public interface ITickets
{
    Task<ITicket> CreateAsync();

    ITicket Promise();

    Task<int> CallBackAsync(ITicket thing);
}

/// <summary>An object.</summary>
[Remote]
public interface ITicket : IAsyncDisposable
{
    ValueTask<int> AddAsync(int left, int right);

    ITicket Next();
}
