using System.Buffers.Binary;
using Mitogen.Interop;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>
/// The chains of calls that are at work here: the threads that are blocked in them, and the links that they have gone down by. A call that
/// comes back into a chain runs on the thread that waits for it, however few threads the pool has.
/// </summary>
internal sealed class ChainThreads(uint self)
{
    // The kernel gives that many bytes at once (getrandom(2)).
    private const int BlockBytes = 256;

    private readonly Dictionary<ChainId, Stack<IBlockedThread>> _threads = [];

    // By what they are called behind the link: the chains here of which calls are under way there. Each is there as often as it has calls.
    private readonly Dictionary<(ChainId Name, Link Link), List<ChainId>> _calls = [];

    // Chains that stand for one of a context below: what that is called there, and who called in it.
    private readonly Dictionary<ChainId, (ChainId Name, uint Caller)> _names = [];
    private byte[] _numbers = [];
    private int _used;

    /// <summary>Whether no thread waits.</summary>
    public bool IsEmpty => _threads.Count == 0;

    /// <summary>Begins a chain, by a number that nobody can guess: whoever knows it was called in the chain.</summary>
    public ChainId Mint()
    {
        while (true)
        {
            if (_used == _numbers.Length)
            {
                _numbers = Randomness.Bytes(BlockBytes);
                _used = 0;
            }

            ulong number = BinaryPrimitives.ReadUInt64LittleEndian(_numbers.AsSpan(_used));
            _used += sizeof(ulong);
            if (number != 0)
            {
                return new ChainId(self, number);
            }
        }
    }

    /// <summary>
    /// Begins a chain that stands here for one that a context below says it began. So two of its calls are two chains for all others, whatever
    /// it says; what goes back to the caller, or to one below it, has the name that it has there.
    /// </summary>
    public ChainId Begin(ChainId name, uint caller)
    {
        ChainId chain = Mint();
        _names.Add(chain, (name, caller));
        return chain;
    }

    /// <summary>The call by which that chain came has ended.</summary>
    public void Forget(ChainId chain) => _ = _names.Remove(chain);

    /// <summary>
    /// The name of a chain in another context. The caller's name for it counts only for the caller and for those below it, which it may do
    /// with what it likes: one beside it or above it, behind the same link, would take two of its calls for one chain.
    /// </summary>
    public ChainId NameOf(ChainId chain, uint context, Kernel kernel) =>
        _names.Count > 0 && _names.TryGetValue(chain, out (ChainId Name, uint Caller) known) && kernel.IsAtOrBelow(context, known.Caller)
            ? known.Name
            : chain;

    /// <summary>A call of the chain leaves to a context below.</summary>
    public void Sent(ChainId chain, ChainId name, Link link)
    {
        if (!_calls.TryGetValue((name, link), out List<ChainId>? calls))
        {
            _calls.Add((name, link), calls = []);
        }

        calls.Add(chain);
    }

    /// <summary>That call has ended.</summary>
    public void Ended(ChainId chain, ChainId name, Link link)
    {
        List<ChainId> calls = _calls[(name, link)];
        _ = calls.Remove(chain);
        if (calls.Count == 0)
        {
            _ = _calls.Remove((name, link));
        }
    }

    /// <summary>The chain here that a call from below may be one of: a call of that chain is under way where it comes from.</summary>
    public bool MayComeBack(ChainId name, Link link, out ChainId chain)
    {
        bool isKnown = _calls.TryGetValue((name, link), out List<ChainId>? calls);
        chain = isKnown ? calls![^1] : default;
        return isKnown;
    }

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
