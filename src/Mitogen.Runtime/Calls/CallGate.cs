using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>
/// Starts the calls on one key in order. An asynchronous one has started when its method returned its task: a pool thread runs
/// one after the other. A blocking one has started when it is handed to a thread of its own, which needs no pool thread; nor does one of the
/// runtime's own that starts at once.
/// </summary>
internal sealed class CallGate : IThreadPoolWorkItem, IDeferred
{
    private readonly CallHub _hub;

    // The pool thread at work owns it.
    private readonly Queue<ServedCall> _taken = new();

    // All guarded by the hub's lock.
    private readonly OrderGate<ServedCall> _order;
    private readonly LinkedList<ServedCall> _startable = new();
    private Charge _charge = new(Resource.Parked);
    private bool _active;

    // Written by the thread at work, read by the one that looks whether it hangs: what it runs, how many it has run, and what is left of what
    // it took.
    private volatile RemoteMethod? _running;
    private long _started;
    private int _left;

    private bool _waitsForThread;
    private bool _isHeld;
    private bool _isClosed;

    /// <param name="hub">The calls of the context.</param>
    /// <param name="isHeld">Whether calls arrive and wait, because their object is only promised.</param>
    public CallGate(CallHub hub, bool isHeld = false)
    {
        _hub = hub;
        _isHeld = isHeld;
        _order = new OrderGate<ServedCall>(call => _startable.AddLast(call.Place));
    }

    /// <summary>The target that the first call on the key found; several may find the same at once.</summary>
    public ServiceTarget? Target { get; set; }

    /// <summary>Whether somebody looks for a method that hangs here. Guarded by the hub's lock.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The call that others wait for; <see langword="null"/> if none do.</summary>
    public Holder? FindHolder(in HubLock locked)
    {
        RemoteMethod? method = _running;
        int waiting = Volatile.Read(ref _left) + _startable.Count;
        return method is not null && waiting > 0 ? new Holder(method, Volatile.Read(ref _started), waiting) : null;
    }

    /// <summary>The object is there.</summary>
    public void Open(in HubLock locked)
    {
        _isHeld = false;
        _ = Charge();
        Activate(locked);
    }

    /// <summary>A call's arguments are complete, or (null) it was given up.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="sequence">Its place.</param>
    /// <param name="call">The call.</param>
    /// <param name="account">The caller's, which is charged for what waits here.</param>
    /// <param name="hasRoom">Receives whether what waits here is within the bound.</param>
    /// <returns>Whether its place in the order was free.</returns>
    public bool Arrive(in HubLock locked, ulong sequence, ServedCall? call, Account? account, out bool hasRoom)
    {
        _charge.Use(account);
        bool isNew = _order.Arrive(sequence, call);
        hasRoom = Charge();
        Activate(locked);
        return isNew;
    }

    /// <summary>A call that waits here was given up. It leaves, and its number stays.</summary>
    public void Withdraw(in HubLock locked, ulong sequence, ServedCall call)
    {
        if (call.Place.List == _startable)
        {
            _startable.Remove(call.Place);
        }
        else
        {
            _ = _order.GiveUp(sequence, call);
        }

        _ = Charge();
    }

    /// <summary>Nobody can call by the key any more. What waits for a call before it is refused.</summary>
    public void Close(in HubLock locked)
    {
        _isClosed = true;
        _charge.Clear();
        ServedCall[] waiting = [.. _order.Calls, .. _isHeld ? _startable : []];
        if (_isHeld)
        {
            _startable.Clear();
        }

        foreach (ServedCall call in waiting)
        {
            call.Refuse(locked, ResetCode.NoSuchObject, "The object was released.");
        }
    }

    /// <summary>Goes to work if there is some.</summary>
    public void Activate(in HubLock locked)
    {
        if (_isHeld || !_hub.Served.IsServing)
        {
            return;
        }

        StartInChains(locked);
        if (_active)
        {
            WatchIf(locked, _startable.Count > 0);
            return;
        }

        StartBlocking(locked);
        if (IsNextReady)
        {
            _active = true;
            locked.Defer(this);
        }
    }

    /// <summary>A thread has become free for the next call, which is a blocking one.</summary>
    public void HasThread(in HubLock locked)
    {
        _waitsForThread = false;
        Activate(locked);
    }

    public void Run() => WorkThread.Queue(this);

    public void Execute()
    {
        while (Take())
        {
            while (_taken.TryDequeue(out ServedCall? call))
            {
                Start(call);
            }

            _running = null;
        }
    }

    private void Start(ServedCall call)
    {
        RunningMethod running = call.Running;
        if (!running.IsOrdered)
        {
            WorkThread.Queue(running);
            return;
        }

        Volatile.Write(ref _left, _taken.Count);
        Volatile.Write(ref _started, _started + 1);
        _running = call.Method;
        running.Execute();
    }

    private void WatchIf(in HubLock locked, bool othersWait)
    {
        if (othersWait && !IsWatched)
        {
            IsWatched = locked.HeldUp.Watch(locked, this);
        }
    }

    private bool IsNextReady => _startable.First is { Value: { IsBlocking: false, StartsAtOnce: false } };

    /// <summary>Takes the calls up to the next blocking one, whose turn comes when they have started.</summary>
    private bool Take()
    {
        using (HubLock locked = _hub.Enter())
        {
            do
            {
                StartBlocking(locked);
                while (IsNextReady)
                {
                    ServedCall call = Next();
                    if (call.TryBegin(locked))
                    {
                        _taken.Enqueue(call);
                    }
                }
            }
            while (_taken.Count == 0 && _startable.Count > 0 && !_waitsForThread);

            _active = _taken.Count > 0;
            WatchIf(locked, _taken.Count + _startable.Count > 1);
            return _active;
        }
    }

    /// <summary>
    /// A call that comes back into its own chain runs on the thread that is blocked there: it never waits behind the call that
    /// it is a part of.
    /// </summary>
    private void StartInChains(in HubLock locked)
    {
        if (locked.Chains.IsEmpty)
        {
            return;
        }

        for (LinkedListNode<ServedCall>? node = _startable.First; node is not null;)
        {
            ServedCall call = node.Value;
            node = node.Next;
            if (call.Chain != default && call.MayJoin && !call.StartsAtOnce && locked.Chains.Find(call.Chain) is { } thread)
            {
                _startable.Remove(call.Place);
                if (call.TryBegin(locked))
                {
                    thread.Post(call.Running);
                }
            }
        }
    }

    /// <summary>Starts the calls that need no pool thread, up to one that does.</summary>
    private void StartBlocking(in HubLock locked)
    {
        while (!_waitsForThread && _startable.First is { Value: { } call } && (call.IsBlocking || call.StartsAtOnce))
        {
            if (call.IsGivenUp || call.TryTakeThread(locked))
            {
                _ = Next();
                if (call.TryBegin(locked))
                {
                    locked.Defer(call.Running);
                }
            }
            else
            {
                _waitsForThread = true;
            }
        }
    }

    private ServedCall Next()
    {
        ServedCall call = _startable.First!.Value;
        _startable.RemoveFirst();
        return call;
    }

    /// <summary>Charges what waits here.</summary>
    private bool Charge() => _isClosed || _charge.TrySet(_order.Parked + (_isHeld ? _startable.Count : 0));
}
