namespace Mitogen.Calls;

/// <summary>Lets one chain of calls at a time into a service; the others wait in the order in which they came.</summary>
internal sealed class ExclusiveGate
{
    private readonly Lock _lock = new();

    // All under _lock. The bounds on calls bound the queue.
    private readonly Queue<IExclusiveEntry> _waiting = new();
    private ChainId _holder;
    private int _inside;

    /// <summary>Lets one in, or keeps it until <see cref="Leave"/> resumes it. Whoever is part of the chain that is inside is let in at once.</summary>
    public bool TryEnter(IExclusiveEntry entry)
    {
        lock (_lock)
        {
            if (_inside == 0 || (_holder == entry.Chain && entry.MayJoin))
            {
                _holder = entry.Chain;
                _inside++;
                return true;
            }

            _waiting.Enqueue(entry);
            return false;
        }
    }

    /// <summary>The same for who can await it.</summary>
    public Task EnterAsync(ChainId chain, bool mayJoin)
    {
        Turn turn = new(chain, mayJoin);
        return TryEnter(turn) ? Task.CompletedTask : turn.Task;
    }

    /// <summary>One that was let in has done.</summary>
    public void Leave()
    {
        IExclusiveEntry? next;
        lock (_lock)
        {
            if (--_inside > 0 || !_waiting.TryDequeue(out next))
            {
                return;
            }

            _inside = 1;
            _holder = next.Chain;
        }

        next.Resume();
    }

    private sealed class Turn(ChainId chain, bool mayJoin) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IExclusiveEntry
    {
        public ChainId Chain => chain;

        public bool MayJoin => mayJoin;

        public void Resume() => SetResult();
    }
}

/// <summary>A call, or an item of a stream, that waits for an exclusive service.</summary>
internal interface IExclusiveEntry
{
    ChainId Chain { get; }

    /// <summary>Whether it is known to be part of what its chain does here; a context below could else put any two of its calls into one chain.</summary>
    bool MayJoin { get; }

    /// <summary>The service has room, and is held from now on. Called on any thread; it hands on.</summary>
    void Resume();
}
