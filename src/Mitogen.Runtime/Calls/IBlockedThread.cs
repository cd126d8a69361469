namespace Mitogen.Calls;

/// <summary>Where the work of a call runs while the call lasts.</summary>
internal interface IBlockedThread
{
    /// <summary>Runs the item on the thread that is blocked in the call, if there is one, else on a pool thread.</summary>
    void Post(IThreadPoolWorkItem item);
}
