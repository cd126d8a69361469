namespace Mitogen.Calls;

/// <summary>The token of a method that serves a call, made when it is asked for. Guarded by the hub's lock.</summary>
internal struct MethodToken
{
    private CancellationTokenSource? _source;

    /// <summary>Whether nobody waits for the answer any more, or the context is ending.</summary>
    public bool IsCancelled { get; private set; }

    public CancellationToken Get(in HubLock locked) =>
        IsCancelled ? new CancellationToken(canceled: true) : (_source ??= new CancellationTokenSource()).Token;

    /// <summary>Cancels it when the lock is released.</summary>
    public void Cancel(in HubLock locked, ICallHost host)
    {
        IsCancelled = true;
        if (_source is { } source)
        {
            locked.Defer(new Cancellation(source, host));
        }
    }

    /// <summary>A pool thread tells the method that nobody waits for its answer.</summary>
    private sealed class Cancellation(CancellationTokenSource source, ICallHost host) : IDeferred, IThreadPoolWorkItem
    {
        public void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        public void Execute()
        {
            try
            {
                source.Cancel();
            }
            catch (AggregateException e)
            {
                host.OnCallbackFailed(e);
            }
        }
    }
}
