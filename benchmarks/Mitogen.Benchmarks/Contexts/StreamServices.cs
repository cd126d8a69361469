using System.Runtime.CompilerServices;
using Mitogen;

namespace Benchmarks.Contexts;

[RemoteService]
internal sealed class Streams : IStreams
{
    public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
    }

    public async Task<long> SumAsync(IAsyncEnumerable<int> items)
    {
        long sum = 0;
        await foreach (int item in items)
        {
            sum += item;
        }

        return sum;
    }

    public Task<Stream> OpenAsync(long count) => Task.FromResult<Stream>(new ZeroStream(count));

    public async Task<long> DrainAsync(Stream source)
    {
        byte[] buffer = new byte[128 * 1024];
        long all = 0;
        for (int read; (read = await source.ReadAsync(buffer)) > 0; all += read)
        {
        }

        return all;
    }
}

[RemoteService]
internal sealed class Tickets : ITickets
{
    public Task<ITicket> CreateAsync() => Task.FromResult<ITicket>(new Ticket());

    public ITicket Promise() => new Ticket();

    public async Task<int> CallBackAsync(ITicket thing) => await thing.AddAsync(1, 2);
}

internal sealed class Ticket : ITicket
{
    public ValueTask<int> AddAsync(int left, int right) => new(left + right);

    public ITicket Next() => new Ticket();

    public ValueTask DisposeAsync() => default;
}

/// <summary>So many zeros.</summary>
internal sealed class ZeroStream(long length) : Stream
{
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, _left);
        buffer[..count].Clear();
        _left -= count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
