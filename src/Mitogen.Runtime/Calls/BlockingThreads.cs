using Mitogen.Interop;

namespace Mitogen.Calls;

/// <summary>
/// Threads for methods that block: each call has one of its own, so that no call waits behind another and the pool's threads
/// stay free. Idle threads are kept for a while; all end with the context.
/// </summary>
internal sealed class BlockingThreads : IDisposable
{
    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private int _idle;
    private bool _starting;
    private bool _disposed;

    /// <summary>Runs the item on a thread of its own.</summary>
    public void Run(IThreadPoolWorkItem item)
    {
        lock (_lock)
        {
            _queue.Enqueue(item);
            if (_idle >= _queue.Count)
            {
                Monitor.Pulse(_lock);
                return;
            }

            if (_starting)
            {
                return; // that thread starts the next one, so that a link thread starts one at most
            }

            _starting = true;
        }

        StartThread();
    }

    /// <summary>Lets the idle threads end; one that runs a call ends after it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void StartThread()
    {
        try
        {
            _ = OwnThread.Start("mitogen-call", Work);
        }
        catch (IOException)
        {
            // There is none to be had: one of the pool's does its work, as soon as it is free.
            _ = ThreadPool.UnsafeQueueUserWorkItem(static threads => threads.Work(), this, preferLocal: false);
        }
    }

    private void Work()
    {
        bool more;
        lock (_lock)
        {
            // One of them is for this thread.
            more = _starting = _queue.Count - 1 > _idle;
        }

        if (more)
        {
            StartThread();
        }

        while (Next() is { } item)
        {
            item.Execute();
        }
    }

    private IThreadPoolWorkItem? Next()
    {
        lock (_lock)
        {
            if (_queue.TryDequeue(out IThreadPoolWorkItem? item))
            {
                return item;
            }

            _idle++;
            long until = Environment.TickCount64 + (long)s_idleTime.TotalMilliseconds;
            while (!_queue.TryDequeue(out item) && !_disposed)
            {
                long left = until - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_lock, (int)left))
                {
                    _ = _queue.TryDequeue(out item);
                    break;
                }
            }

            _idle--;
            return item;
        }
    }
}
