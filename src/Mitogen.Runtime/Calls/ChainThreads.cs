namespace Mitogen.Calls;

/// <summary>
/// The threads that are blocked in calls, by the chains of those. A call that comes back into a chain runs on the thread that waits
/// for it, however few threads the pool has.
/// </summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class ChainThreads(uint self)
{
    private readonly Dictionary<ChainId, Stack<IBlockedThread>> _threads = [];
    private ulong _last;

    public bool IsEmpty => _threads.Count == 0;

    /// <summary>Begins a chain.</summary>
    public ChainId Mint() => new(self, ++_last);

    /// <summary>A thread is about to wait for the answer to a call of the chain.</summary>
    public void Enter(ChainId chain, IBlockedThread thread)
    {
        if (!_threads.TryGetValue(chain, out Stack<IBlockedThread>? threads))
        {
            _threads.Add(chain, threads = new());
        }

        threads.Push(thread);
    }

    /// <summary>The thread that waits innermost in the chain, if there is one.</summary>
    public IBlockedThread? Find(ChainId chain) =>
        _threads.TryGetValue(chain, out Stack<IBlockedThread>? threads) ? threads.Peek() : null;

    /// <summary>The thread's call has ended.</summary>
    public void Leave(ChainId chain, IBlockedThread thread)
    {
        Stack<IBlockedThread> threads = _threads[chain];
        if (threads.Peek() == thread)
        {
            _ = threads.Pop();
        }
        else
        {
            // One chain may go two ways at once, and the first to wait may be the first to end.
            threads = new Stack<IBlockedThread>(threads.Where(t => t != thread).Reverse());
            _threads[chain] = threads;
        }

        if (threads.Count == 0)
        {
            _ = _threads.Remove(chain);
        }
    }
}
