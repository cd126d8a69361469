namespace Mitogen.Interop;

/// <summary>A background thread of the runtime's own.</summary>
internal static class OwnThread
{
    /// <summary>How the message begins that there is none to be had.</summary>
    public const string NoMore = "The system gives no more threads";

    /// <summary>Starts one.</summary>
    /// <param name="name">Its name, as debuggers show it.</param>
    /// <param name="run">All of its work. An exception that leaves it ends the process.</param>
    /// <exception cref="IOException">The system gives this user or this process no more threads.</exception>
    public static Thread Start(string name, ThreadStart run)
    {
        Thread thread = new(run) { IsBackground = true, Name = name };
        try
        {
            thread.UnsafeStart();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw new IOException($"{NoMore}: see the limit of the user (ulimit -u), of the container or service (pids), and the memory that is left.", e);
        }

        return thread;
    }

    /// <summary>Runs something that blocks on one of its own.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="run">The work.</param>
    /// <returns>Completes with the result of the work; faults with its exception, or with an <see cref="IOException"/> if there is no thread to be had.</returns>
    public static Task<T> RunAsync<T>(string name, Func<T> run)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable CA1031 // whoever waits for it is told
        try
        {
            _ = Start(name, () =>
            {
                try
                {
                    result.SetResult(run());
                }
                catch (Exception e)
                {
                    result.SetException(e);
                }
            });
        }
        catch (Exception e)
        {
            result.SetException(e);
        }
#pragma warning restore CA1031

        return result.Task;
    }
}
