namespace Mitogen.Calls;

/// <content>Blocking calls: the thread that waits runs what belongs to the call meanwhile.</content>
internal sealed partial class PendingCall<T> : IBlockedThread
{
    // Both under the monitor of _core: whether a blocking call has ended, and what its thread is to do while it waits.
    private bool _done;
    private Queue<IThreadPoolWorkItem>? _work;

    public override T Invoke(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Return();
            throw new OperationCanceledException(cancellationToken);
        }

        _isBlocking = true;
        ChainId chain = EnterChain();
        _core.Send();
        Register(cancellationToken);
        Wait();
        if (chain != default)
        {
            LeaveChain(chain);
        }

        return Take();
    }

    /// <summary>Where the call may come back, its chain is told that this thread waits.</summary>
    private ChainId EnterChain()
    {
        OutgoingParts parts = _core.Parts;
        CallHub hub = _core.Hub;
        if (parts.Chain == default && hub.ExportCount == 0)
        {
            return default;
        }

        using (HubLock locked = hub.Enter())
        {
            if (parts.Chain == default)
            {
                parts.Chain = locked.Chains.Mint();
            }

            locked.Chains.Enter(parts.Chain, this);
            return parts.Chain;
        }
    }

    private void LeaveChain(ChainId chain)
    {
        using (HubLock locked = _core.Hub.Enter())
        {
            locked.Chains.Leave(chain, this);
        }

        // Work that came at the last moment, when this thread had its answer already.
        while (_work is not null && _work.TryDequeue(out IThreadPoolWorkItem? late))
        {
            ThreadPool.UnsafeQueueUserWorkItem(late, preferLocal: false);
        }
    }

    private void Wait()
    {
        TimeSpan? deadline = _core.Parts.Timeout;
        long until = deadline is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;
        while (!WaitUntil(until, out IThreadPoolWorkItem? work))
        {
            if (work is not null)
            {
                work.Execute();
            }
            else
            {
                _core.PassTimeout(_core.Generation);
                until = long.MaxValue;
            }
        }
    }

    /// <summary>Waits for the end of the call, for something to do meanwhile, or for the time.</summary>
    private bool WaitUntil(long until, out IThreadPoolWorkItem? work)
    {
        lock (_core)
        {
            while (true)
            {
                work = null;
                if (_work is not null && _work.TryDequeue(out work))
                {
                    return false;
                }

                if (_done)
                {
                    return true;
                }

                if (until == long.MaxValue)
                {
                    _ = Monitor.Wait(_core);
                }
                else if (until - Environment.TickCount64 is var left && (left <= 0 || !Monitor.Wait(_core, (int)Math.Min(left, int.MaxValue))))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Runs something that belongs to the call: on the thread that is blocked in it, if there is one.</summary>
    public void Post(IThreadPoolWorkItem item)
    {
        if (!_isBlocking)
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
            return;
        }

        lock (_core)
        {
            (_work ??= new()).Enqueue(item);
            Monitor.Pulse(_core);
        }
    }

    private T Take()
    {
        try
        {
            return _core.ReadAnswer(_reader);
        }
        finally
        {
            Return();
        }
    }
}
