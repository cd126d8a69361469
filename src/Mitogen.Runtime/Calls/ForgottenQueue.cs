using System.Collections.Concurrent;

namespace Mitogen.Calls;

/// <summary>A thing that a finalizer found forgotten, and that its context has to let go of.</summary>
internal interface IForgotten
{
    /// <summary>On a pool thread: lets go of it.</summary>
    void LetGo();
}

/// <summary>Lets go of what finalizers found forgotten. A pool thread does it, because a finalizer must not wait for a lock.</summary>
internal sealed class ForgottenQueue(ICallHost host) : IThreadPoolWorkItem
{
    // As long as the list of what was forgotten, which was all in memory a moment before; nothing in it waits for another context.
    private readonly ConcurrentQueue<IForgotten> _queue = new();
    private int _running;

    /// <summary>On the finalizer's thread, or any other.</summary>
    public void Add(IForgotten item)
    {
        _queue.Enqueue(item);
        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute()
    {
        do
        {
            while (_queue.TryDequeue(out IForgotten? item))
            {
#pragma warning disable CA1031 // one that fails must neither end the process nor keep the others
                try
                {
                    item.LetGo();
                }
                catch (Exception e)
                {
                    host.OnFailure(e);
                }
#pragma warning restore CA1031
            }

            // A full fence: whoever adds now sees this, or is seen below.
            _ = Interlocked.Exchange(ref _running, 0);
        }
        while (!_queue.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0);
    }
}
