namespace Mitogen.Calls;

/// <summary>A thread that moves the bytes of links, and runs the work that comes of them itself.</summary>
internal abstract class WorkThread
{
    [ThreadStatic]
    private static WorkThread? s_current;

    /// <summary>This thread, if it is such a one.</summary>
    public static WorkThread? Current => s_current;

    /// <summary>Where work is collected while frames are handled; <see langword="null"/> while user code runs.</summary>
    public WorkBatch? Collecting { get; protected set; }

    /// <summary>Runs something on whichever thread is free. User code may be a part of it.</summary>
    public static void Queue(IThreadPoolWorkItem item)
    {
        if (s_current?.Collecting is { } batch)
        {
            batch.Add(item);
        }
        else if (s_current?.TryAddMore(item) is not true)
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }

    /// <summary>Runs something that may block for any time, on a thread that nobody waits for.</summary>
    public static void Queue(IThreadPoolWorkItem item, BlockingThreads threads)
    {
        if (s_current?.Collecting is { IsEmpty: true } batch)
        {
            batch.AddBlocking(item, threads);
        }
        else
        {
            threads.Run(item);
        }
    }

    /// <summary>
    /// User code of the calling thread is about to block, until what this returns is disposed: what it has sent leaves now, and what it sends in
    /// callbacks meanwhile leaves at once. Work is not left to this thread.
    /// </summary>
    public static Blocking Block() => new(s_current);

    /// <summary>User code of this thread is about to block.</summary>
    /// <returns>How it was before, for <see cref="EndBlocking"/>: a callback may block as well.</returns>
    protected abstract bool BeginBlocking();

    /// <summary>User code of this thread goes on.</summary>
    protected abstract void EndBlocking(bool before);

    /// <summary>Adds to the work that this thread does just now.</summary>
    /// <returns>Whether it does; not if it does none.</returns>
    protected abstract bool TryAddMore(IThreadPoolWorkItem item);

    /// <summary>The calling thread is this one.</summary>
    protected void Enter() => s_current = this;

    /// <summary>The time in which a thread is blocked; nothing, of a thread of another kind.</summary>
    internal readonly ref struct Blocking(WorkThread? thread)
    {
        private readonly bool _before = thread?.BeginBlocking() ?? false;

        public void Dispose() => thread?.EndBlocking(_before);
    }
}
