using System.Collections.Concurrent;

namespace Mitogen.Calls;

/// <summary>Releases what finalizers found forgotten, a few at a time, so that they never fill the queue of calls.</summary>
internal sealed class ReleaseQueue : IThreadPoolWorkItem
{
    private const int AtOnce = 64;

    // As long as the list of forgotten proxies, which were all in memory a moment before.
    private readonly ConcurrentQueue<ObjectCallTarget> _queue = new();
    private int _running;

    /// <summary>On the finalizer's thread: queues the release.</summary>
    public void Add(ObjectCallTarget target)
    {
        _queue.Enqueue(target);
        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // Ends with the queue; SendReleaseAsync ends with the context at the latest.
    async void IThreadPoolWorkItem.Execute()
    {
        List<Task> sent = [];
        do
        {
            while (_queue.TryDequeue(out ObjectCallTarget? target))
            {
                sent.Add(target.SendReleaseAsync());
                if (sent.Count == AtOnce)
                {
                    await Task.WhenAll(sent).ConfigureAwait(false);
                    sent.Clear();
                }
            }

            await Task.WhenAll(sent).ConfigureAwait(false);
            sent.Clear();
            Volatile.Write(ref _running, 0);
        }
        while (!_queue.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0);
    }
}
