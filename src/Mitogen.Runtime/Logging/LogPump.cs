using System.Threading.Channels;

namespace Mitogen.Logging;

/// <summary>
/// A bounded queue of log records between those who must not wait (link and watch threads among them) and who delivers them.
/// When it is full, records are dropped and counted; the count goes out with the next batch.
/// </summary>
internal sealed class LogPump : ILogOutput
{
    private const int Capacity = 10_000;
    private const int LargestBatch = 256;

    private readonly Channel<LogBatch> _queue = Channel.CreateBounded<LogBatch>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Func<LogBatch, ValueTask> _deliver;
    private readonly Task _pumping;
    private int _dropped;

    /// <param name="deliver">Takes batches, one after the other, on a pool thread.</param>
    public LogPump(Func<LogBatch, ValueTask> deliver)
    {
        _deliver = deliver;
        _pumping = Task.Run(PumpAsync);
    }

    public void Write(LogBatch batch)
    {
        if (!_queue.Writer.TryWrite(batch.WithWholeCharacters()))
        {
            _ = Interlocked.Add(ref _dropped, batch.Count);
        }
    }

    /// <summary>Takes no more, and completes when what was taken is delivered.</summary>
    public Task CompleteAsync()
    {
        _ = _queue.Writer.TryComplete();
        return _pumping;
    }

    private async Task PumpAsync()
    {
        await foreach (LogBatch first in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            LogBatch batch = first;
            if (_queue.Reader.Count > 0)
            {
                batch = Join(batch);
            }

            int dropped = Interlocked.Exchange(ref _dropped, 0);
            batch = dropped > 0 ? batch with { Dropped = batch.Dropped + dropped } : batch;
#pragma warning disable CA1031 // a logger that throws, or a link that is gone: there is nowhere to log that to
            try
            {
                await _deliver(batch).ConfigureAwait(false);
            }
            catch (Exception)
            {
                _ = Interlocked.Add(ref _dropped, batch.Count);
            }
#pragma warning restore CA1031
        }
    }

    private LogBatch Join(LogBatch first)
    {
        List<LogRecord> records = [.. first.Records];
        int dropped = first.Dropped;
        while (records.Count < LargestBatch && _queue.Reader.TryPeek(out LogBatch? next) && next.Context == first.Context && _queue.Reader.TryRead(out next))
        {
            records.AddRange(next.Records);
            dropped += next.Dropped;
        }

        return new LogBatch(first.Context, [.. records], dropped);
    }
}
