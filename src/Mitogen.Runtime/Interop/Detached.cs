namespace Mitogen.Interop;

/// <summary>
/// Work of the runtime's own, which keeps nothing of whoever begins it: else the scopes and the trace of the request that a root was created in would
/// be those of all its log records.
/// </summary>
internal static class Detached
{
    /// <summary>Runs something on the pool.</summary>
    /// <param name="work">The work.</param>
    /// <returns>Completes and faults as the work does.</returns>
    public static Task Run(Func<Task> work)
    {
        using AsyncFlowControl? flow = Suppress();
#pragma warning disable MA0100 // the flow is held up while the work is queued, and not until it ends
        return Task.Run(work);
#pragma warning restore MA0100
    }

    /// <summary>Makes a timer that is not set.</summary>
    /// <param name="callback">The work, on a pool thread. An exception that leaves it ends the process.</param>
    /// <param name="state">It is given to the work.</param>
    /// <returns>The timer.</returns>
    public static Timer CreateTimer(TimerCallback callback, object state)
    {
        using AsyncFlowControl? flow = Suppress();
        return new Timer(callback, state, Timeout.Infinite, Timeout.Infinite);
    }

    private static AsyncFlowControl? Suppress() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
}
