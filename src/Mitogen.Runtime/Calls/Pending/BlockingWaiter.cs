using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The thread that waits for a call: it runs what belongs to the call meanwhile, and reads the answer itself.</summary>
internal sealed class BlockingWaiter : CallWaiter
{
    private readonly object _monitor = new();
    private CallLimits _limits;
    private int _maxResult;

    // Both under the monitor: whether the call has ended, and the work for its thread while it waits.
    private bool _done;
    private Queue<IThreadPoolWorkItem>? _work;

    public override int MaxResult => _maxResult;

    /// <summary>Sends the call and waits for its end.</summary>
    public static T Invoke<T>(PendingCall call, ResultReader<T>? reader, CancellationToken cancellationToken)
    {
        BlockingWaiter waiter = Pool<BlockingWaiter>.TryRent() ?? new BlockingWaiter();
        waiter._maxResult = reader is null ? 0 : call.Hub.Options.MaxMessageSize;
        waiter.Begin(call);
        waiter.Wait(cancellationToken);
        try
        {
            return waiter.ReadResult(reader);
        }
        finally
        {
            waiter.Return();
        }
    }

    public override void Post(IThreadPoolWorkItem item)
    {
        lock (_monitor)
        {
            (_work ??= new()).Enqueue(item);
            Monitor.Pulse(_monitor);
        }
    }

    public override void Wake()
    {
        lock (_monitor)
        {
            _done = true;
            Monitor.Pulse(_monitor);
        }
    }

    private void Wait(CancellationToken cancellationToken)
    {
        ChainId chain = EnterChain();
        Call.Send();
        _limits.BeginToken(Call, cancellationToken);
        WaitAndWork();
        if (chain != default)
        {
            LeaveChain(chain);
        }
    }

    /// <summary>Where the call may come back, its chain is told that this thread waits.</summary>
    private ChainId EnterChain()
    {
        OutgoingParts parts = Call.Parts;
        CallHub hub = Call.Hub;
        if (parts.Chain == default && hub.Peers.ExportCount == 0)
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
        using (HubLock locked = Call.Hub.Enter())
        {
            locked.Chains.Leave(chain, this);
        }

        // Work that came at the last moment, when this thread had its answer already.
        while (_work is not null && _work.TryDequeue(out IThreadPoolWorkItem? late))
        {
            ThreadPool.UnsafeQueueUserWorkItem(late, preferLocal: false);
        }
    }

    private void WaitAndWork()
    {
        long until = CallLimits.TimeOf(Call);
        while (!WaitUntil(until, out IThreadPoolWorkItem? work))
        {
            if (work is not null)
            {
                work.Execute();
                continue;
            }

            until = long.MaxValue;
            using (HubLock locked = Call.Hub.Enter())
            {
                Call.PassTimeout(locked);
            }
        }
    }

    /// <summary>Waits for the end of the call, for something to do meanwhile, or for the time.</summary>
    private bool WaitUntil(long until, out IThreadPoolWorkItem? work)
    {
        lock (_monitor)
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
                    _ = Monitor.Wait(_monitor);
                }
                else if (until - Environment.TickCount64 is var left && (left <= 0 || !Monitor.Wait(_monitor, (int)Math.Min(left, int.MaxValue))))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Gives up everything of this use.</summary>
    private void Return()
    {
        _limits.End();
        _done = false;
        LetGo().Return();
        Pool<BlockingWaiter>.Return(this);
    }
}
