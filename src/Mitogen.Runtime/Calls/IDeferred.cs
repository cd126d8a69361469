namespace Mitogen.Calls;

/// <summary>Something to do as soon as the hub's lock is released: wake a writer or a waiting thread, queue a continuation.</summary>
internal interface IDeferred
{
    /// <summary>Runs on whichever thread held the lock, a link thread among others: it hands on and never runs user code.</summary>
    void Run();
}
