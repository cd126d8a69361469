namespace Mitogen.Runtime.Tests.Calls;

/// <summary>
/// A time in which every thread of this process's pool is blocked, and there will be no more. Nothing else may run meanwhile: its tests belong to
/// the collection of <see cref="Leaks.ProcessTests"/>.
/// </summary>
internal static class StarvedPool
{
    /// <summary>Runs the body on a thread of its own. It is to end by itself.</summary>
    public static void Run(Action body)
    {
        ThreadPool.GetMinThreads(out int minWorkers, out int minPorts);
        ThreadPool.GetMaxThreads(out int maxWorkers, out int maxPorts);
        int workers = ThreadPool.ThreadCount + 4;
        using ManualResetEventSlim release = new();
        using CountdownEvent blocked = new(workers);
        using CountdownEvent released = new(workers);
        Exception? error = null;
        bool probed = false;
        try
        {
            Assert.True(ThreadPool.SetMinThreads(Math.Min(workers, maxWorkers), minPorts));
            Assert.True(ThreadPool.SetMaxThreads(workers, maxPorts));
            for (int i = 0; i < workers; i++)
            {
                _ = ThreadPool.UnsafeQueueUserWorkItem(
                    state =>
                    {
                        _ = blocked.Signal();
                        release.Wait(CancellationToken.None);
                        _ = released.Signal();
                    },
                    null);
            }

            // Threads that block elsewhere, this one among them, count too: what matters is that nothing else is run.
            _ = blocked.Wait(TimeSpan.FromMilliseconds(500));
            _ = ThreadPool.UnsafeQueueUserWorkItem(_ => probed = true, null);
            Thread thread = new(() =>
            {
                try
                {
                    body();
                }
                catch (Exception e)
                {
                    error = e;
                }
            });
            thread.Start();
            Assert.True(thread.Join(Eventually.Patience * 2), "The calls did not end.");
            Assert.False(Volatile.Read(ref probed), "The pool was not starved.");
        }
        finally
        {
            release.Set();
            Assert.True(ThreadPool.SetMaxThreads(maxWorkers, maxPorts));
            Assert.True(ThreadPool.SetMinThreads(minWorkers, minPorts));
            Assert.True(released.Wait(Eventually.Patience), "The pool's threads did not go on.");
        }

        Assert.Null(error);
    }
}
