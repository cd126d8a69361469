using System.Diagnostics;

namespace Mitogen.Calls;

/// <summary>
/// The work that came of the frames which were read at one time, and the work that comes of it: methods to start and results to go on with. One
/// thread, its owner, takes one after the other. Others take from it as well as soon as it lasts, so that none waits behind one that blocks.
/// </summary>
internal sealed class WorkBatch : IThreadPoolWorkItem
{
    // As many as there are threads that read, about; each may have become large.
    private const int MaxKept = 16;

    // After so many microseconds another thread helps. Items of a microsecond or two, as most are, would only contend for the hub's lock before.
    private static readonly long s_helpTime = Stopwatch.Frequency * 200 / 1_000_000;

    // Only the owner adds, and makes it larger only as long as no other thread takes.
    private IThreadPoolWorkItem?[] _items = new IThreadPoolWorkItem?[16];
    private BlockingThreads? _blocking;
    private int _count;
    private int _next;

    // The threads that take from it, or are about to. None can be added when the last one has left.
    private int _users;

    public bool IsEmpty => _count == 0;

    public bool HasSeveral => _count > 1;

    public static WorkBatch Rent() => Pool<WorkBatch>.TryRent() ?? new WorkBatch();

    /// <summary>Adds work, before it begins.</summary>
    public void Add(IThreadPoolWorkItem item)
    {
        if (_blocking is { } threads)
        {
            // Only one that is alone runs where the frames are read.
            IThreadPoolWorkItem blocking = _items[0]!;
            Clear();
            threads.Run(blocking);
        }

        if (_count == _items.Length)
        {
            Array.Resize(ref _items, 2 * _count);
        }

        _items[_count++] = item;
    }

    /// <summary>Adds something that may block for any time, to an empty batch.</summary>
    public void AddBlocking(IThreadPoolWorkItem item, BlockingThreads threads)
    {
        Add(item);
        _blocking = threads;
    }

    /// <summary>Adds work that came of the work that the owner does just now.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAddMore(IThreadPoolWorkItem item)
    {
        int count = _count;
        if (count == _items.Length)
        {
            return false;
        }

        _items[count] = item;
        Volatile.Write(ref _count, count + 1);
        return true;
    }

    /// <summary>Runs all of it, on the owner's thread and maybe on others.</summary>
    /// <returns>Whether the batch is still the owner's, and empty.</returns>
    public bool Run()
    {
        Volatile.Write(ref _users, 1);
        TakeAll();
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Clear();
            return true;
        }

        return false;
    }

    /// <summary>Lets other threads run all of it. The batch is not the owner's any more.</summary>
    public void RunElsewhere()
    {
        if (_blocking is { } threads)
        {
            IThreadPoolWorkItem item = _items[0]!;
            Clear();
            Pool<WorkBatch>.Return(this, MaxKept);
            threads.Run(item);
        }
        else
        {
            Volatile.Write(ref _users, 1);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Lets another thread help, if something is left to take. Thread-safe, also when the batch is over already or another one.</summary>
    public void Help()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            int next = Volatile.Read(ref _next);
            if (users == 0 || next >= Volatile.Read(ref _count) || (next == 0 && _blocking is not null))
            {
                return; // what may block for any time is left to the owner, which is about to take it
            }
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>A pool thread takes its part, and leaves the rest to another one: the first item may block.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (Volatile.Read(ref _count) - Volatile.Read(ref _next) > 1)
        {
            Help();
        }

        TakeAll();
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Clear();
            Pool<WorkBatch>.Return(this, MaxKept);
        }
    }

    private void TakeAll()
    {
        if (_count == 1)
        {
            TakeOne(); // as most batches are: nobody has to help
            if (_count == 1)
            {
                return;
            }
        }

        long start = Stopwatch.GetTimestamp();
        bool isHelped = false;
        while (TakeOne())
        {
            if (!isHelped && Stopwatch.GetTimestamp() - start > s_helpTime)
            {
                isHelped = true;
                Help();
            }
        }
    }

    private bool TakeOne()
    {
        int next = Volatile.Read(ref _next);
        while (true)
        {
            if (next >= Volatile.Read(ref _count))
            {
                return false;
            }

            int seen = Interlocked.CompareExchange(ref _next, next + 1, next);
            if (seen == next)
            {
                break;
            }

            next = seen;
        }

        IThreadPoolWorkItem item = _items[next]!;
        _items[next] = null;
        item.Execute();
        return true;
    }

    private void Clear()
    {
        _items[0] = null;
        _blocking = null;
        _count = _next = 0;
    }
}
