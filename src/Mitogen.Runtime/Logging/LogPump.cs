using Mitogen.Interop;

namespace Mitogen.Logging;

/// <summary>
/// A bounded queue of log records between those who must not wait (link and watch threads among them) and who delivers them.
/// When it is full, records are dropped and counted; the count is delivered in the name of who lost them.
/// </summary>
#pragma warning disable CA1001 // its semaphore has no wait handle, and so nothing to dispose
internal sealed class LogPump : ILogOutput
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly LogQueue _queue; // under the lock
    private readonly SemaphoreSlim _news = new(0);
    private readonly Func<LogBatch, ValueTask> _deliver;
    private readonly Task _pumping;

    // Under the lock: whether the pump waits for news, and whether no more is taken.
    private bool _isWaiting;
    private bool _isComplete;

    /// <param name="maxBytes">How much may wait.</param>
    /// <param name="deliver">Takes batches, one after the other, on a pool thread.</param>
    public LogPump(long maxBytes, Func<LogBatch, ValueTask> deliver)
    {
        _queue = new LogQueue(maxBytes);
        _deliver = deliver;
        _pumping = Detached.Run(PumpAsync);
    }

    public Task Write(in LogSource source, LogBatch batch)
    {
        lock (_lock)
        {
            if (_isComplete || _queue.Add(source, batch) is not { } receipt)
            {
                Wake();
                return Task.CompletedTask;
            }

            Wake();
            return receipt.Done;
        }
    }

    /// <summary>Takes no more, and completes when what was taken is delivered.</summary>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            _isComplete = true;
            Wake();
        }

        return _pumping;
    }

    private void Wake()
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            _ = _news.Release();
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            LogSource source;
            LogBatch? batch;
            lock (_lock)
            {
                if (!_queue.TryTake(out source, out batch))
                {
                    if (_isComplete)
                    {
                        return;
                    }

                    _isWaiting = true;
                }
            }

            if (batch is null)
            {
                await _news.WaitAsync().ConfigureAwait(false);
                continue;
            }

#pragma warning disable CA1031 // a logger that throws, or a link that is gone: there is nowhere to log that to
            try
            {
                await _deliver(batch).ConfigureAwait(false);
            }
            catch (Exception)
            {
                lock (_lock)
                {
                    _queue.AddLoss(source, batch.Count);
                }
            }
#pragma warning restore CA1031
        }
    }
}
