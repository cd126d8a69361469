using System.Buffers.Binary;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>
/// The chains of calls that are at work here: the threads that are blocked in them, and the links that they have gone down by. A call that
/// comes back into a chain runs on the thread that waits for it, however few threads the pool has.
/// </summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class ChainThreads(uint self)
{
    // The kernel gives that many bytes at once (getrandom(2)).
    private const int BlockBytes = 256;

    private readonly Dictionary<ChainId, Stack<IBlockedThread>> _threads = [];
    private readonly Dictionary<(ChainId Chain, Link Link), int> _calls = [];
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

    /// <summary>A call of the chain leaves to a context below.</summary>
    public void Sent(ChainId chain, Link link)
    {
        _ = _calls.TryGetValue((chain, link), out int count);
        _calls[(chain, link)] = count + 1;
    }

    /// <summary>That call has ended.</summary>
    public void Ended(ChainId chain, Link link)
    {
        int left = _calls[(chain, link)] - 1;
        if (left == 0)
        {
            _ = _calls.Remove((chain, link));
        }
        else
        {
            _calls[(chain, link)] = left;
        }
    }

    /// <summary>Whether a call that comes from below may be one of the chain: a call of the chain is under way where it comes from.</summary>
    public bool MayComeBack(ChainId chain, Link link) => _calls.ContainsKey((chain, link));

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
