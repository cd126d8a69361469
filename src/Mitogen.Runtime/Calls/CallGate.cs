namespace Mitogen.Calls;

/// <summary>Starts the calls on one key in order, on a pool thread: one after the other until each has returned its task.</summary>
internal sealed class CallGate(CallHub hub) : IThreadPoolWorkItem, IDeferred
{
    private readonly OrderGate<ServedCall> _order = new();

    // The thread at work owns both.
    private readonly Queue<ServedCall> _taken = new();
    private ServiceTarget? _target;

    // Guarded by the hub's lock.
    private readonly Queue<ServedCall> _startable = new();
    private bool _active;

    /// <summary>Under the lock: a call's arguments are complete, or (null) it was given up.</summary>
    /// <returns>Whether its place in the order was free.</returns>
    public bool Arrive(ulong sequence, ServedCall? call)
    {
        bool isNew = _order.Arrive(sequence, call, _startable);
        Activate();
        return isNew;
    }

    /// <summary>Under the lock: goes to work if there is some.</summary>
    public void Activate()
    {
        if (!_active && _startable.Count > 0 && hub.IsServing)
        {
            _active = true;
            hub.Defer(this);
        }
    }

    public void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Execute()
    {
        while (Take())
        {
            while (_taken.TryDequeue(out ServedCall? call))
            {
                if (!call.Prepare(ref _target))
                {
                    continue;
                }

                if (call.IsBlocking)
                {
                    hub.BlockingThreads.Run(call);
                }
                else
                {
                    call.Execute();
                }
            }
        }
    }

    private bool Take()
    {
        using (hub.Enter())
        {
            while (_startable.TryDequeue(out ServedCall? call))
            {
                if (call.Admit())
                {
                    _taken.Enqueue(call);
                }
            }

            _active = _taken.Count > 0;
            return _active;
        }
    }
}
