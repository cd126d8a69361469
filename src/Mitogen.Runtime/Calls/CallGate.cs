namespace Mitogen.Calls;

/// <summary>
/// Starts the calls on one key in order. An asynchronous one has started when its method returned its task: a pool thread runs
/// one after the other. A blocking one has started when it is handed to a thread of its own, which needs no pool thread.
/// </summary>
internal sealed class CallGate(CallHub hub) : IThreadPoolWorkItem, IDeferred
{
    private readonly OrderGate<ServedCall> _order = new();

    // The pool thread at work owns it.
    private readonly Queue<ServedCall> _taken = new();

    // Guarded by the hub's lock.
    private readonly Queue<ServedCall> _startable = new();
    private bool _active;

    /// <summary>Calls that wait for one before them.</summary>
    public int Parked => _order.Parked;

    /// <summary>Whether calls arrive and wait: their object is only promised. Guarded by the hub's lock.</summary>
    public bool IsHeld { get; set; }

    /// <summary>What the first call on the key found; several may find the same at once.</summary>
    public ServiceTarget? Target { get; set; }

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
        if (IsHeld || !hub.IsServing)
        {
            return;
        }

        StartInChains();
        if (_active)
        {
            return;
        }

        StartBlocking();
        if (_startable.Count > 0)
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
                call.Execute();
            }
        }
    }

    /// <summary>Takes the calls up to the next blocking one, whose turn comes when they have started.</summary>
    private bool Take()
    {
        using (hub.Enter())
        {
            do
            {
                StartBlocking();
                while (_startable.TryPeek(out ServedCall? call) && !call.IsBlocking)
                {
                    _ = _startable.Dequeue();
                    if (call.Admit())
                    {
                        _taken.Enqueue(call);
                    }
                }
            }
            while (_taken.Count == 0 && _startable.Count > 0);

            _active = _taken.Count > 0;
            return _active;
        }
    }

    /// <summary>
    /// A call that comes back into its own chain runs on the thread that is blocked there: it never waits behind the call that
    /// it is a part of.
    /// </summary>
    private void StartInChains()
    {
        for (int i = hub.Chains.IsEmpty ? 0 : _startable.Count; i > 0; i--)
        {
            ServedCall call = _startable.Dequeue();
            if (call.Chain == default || hub.Chains.Find(call.Chain) is not { } thread)
            {
                _startable.Enqueue(call);
            }
            else if (call.Admit())
            {
                thread.Post(call);
            }
        }
    }

    private void StartBlocking()
    {
        while (_startable.TryPeek(out ServedCall? call) && call.IsBlocking)
        {
            _ = _startable.Dequeue();
            if (call.Admit())
            {
                hub.Defer(call);
            }
        }
    }
}
