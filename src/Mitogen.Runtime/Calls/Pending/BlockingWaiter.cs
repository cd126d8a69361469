using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The thread that waits for a call: it runs what belongs to the call meanwhile, and reads the answer itself.</summary>
internal sealed class BlockingWaiter : CallWaiter
{
    private readonly object _monitor = new();
    private CallLimits _limits;
    private int _maxResult;

    // All under the monitor: whether the call has ended, the work for its thread while it waits, and where the thread waits instead.
    private bool _done;
    private Queue<IThreadPoolWorkItem>? _work;
    private ILentLink? _reads;
    private int _reader;

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
            WakeThread();
        }
    }

    public override void Wake()
    {
        lock (_monitor)
        {
            _done = true;
            WakeThread();
        }
    }

    /// <summary>The thread begins to read a link, in the place of waiting.</summary>
    /// <returns>Whether it is to; not if there is something for it already.</returns>
    public bool BeginReading(ILentLink link)
    {
        lock (_monitor)
        {
            if (_done || _work is { Count: > 0 })
            {
                return false;
            }

            (_reads, _reader) = (link, Environment.CurrentManagedThreadId);
            return true;
        }
    }

    /// <summary>The thread does not read any more.</summary>
    public void EndReading()
    {
        lock (_monitor)
        {
            _reads = null;
        }
    }

    /// <summary>Under the monitor.</summary>
    private void WakeThread()
    {
        if (_reads is null)
        {
            Monitor.Pulse(_monitor);
        }
        else if (_reader != Environment.CurrentManagedThreadId)
        {
            _reads.Interrupt();
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
        using WorkThread.Blocking blocking = WorkThread.Block();
        long until = CallLimits.TimeOf(Call);
        while (!ReadOrWaitUntil(until, out IThreadPoolWorkItem? work))
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

    /// <summary>First reads what comes itself, if it may, and then waits.</summary>
    private bool ReadOrWaitUntil(long until, out IThreadPoolWorkItem? work)
    {
        Call.Way?.ReadFor(this);
        return WaitUntil(until, out work);
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
