namespace Mitogen.Calls;

/// <summary>
/// Opens the gates of objects that were promised and are there now, or never will be. One of them may settle others, in
/// chains of any length: they stand in a queue, and however many there are, others get the lock meanwhile.
/// </summary>
/// <remarks>The accounts of the callers bound the queue.</remarks>
internal sealed class SettledPromises(CallHub hub) : IDeferred, IThreadPoolWorkItem
{
    private const int StepsAtOnce = 128;

    private readonly Queue<ExportedObject> _queue = new();
    private bool _isActive;

    /// <summary>A promise was kept or broken.</summary>
    public void Add(in HubLock locked, ExportedObject promised)
    {
        _queue.Enqueue(promised);
        if (!_isActive)
        {
            Open(locked);
        }
    }

    public void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>A pool thread goes on where the lock was released.</summary>
    public void Execute()
    {
        using (HubLock locked = hub.Enter())
        {
            Open(locked);
        }
    }

    private void Open(in HubLock locked)
    {
        _isActive = true;
        for (int step = 0; step < StepsAtOnce && _queue.TryPeek(out ExportedObject? promised); step++)
        {
            if (promised.OpenStep(locked))
            {
                _ = _queue.Dequeue();
            }
        }

        _isActive = _queue.Count > 0;
        if (_isActive)
        {
            locked.Defer(this);
        }
    }
}
