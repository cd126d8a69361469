using System.Collections.Concurrent;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Calls;

[Collection(ProcessTests.Name)] // they take the thread pool away: nothing else may run
public sealed class BlockingTests : CallTest
{
    private const int Callers = 1000;

    // Two threads for each call, and no need for deep ones.
    private const int StackSize = 256 * 1024;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thousand_blocking_calls_are_pending_at_once_and_answered_while_the_pool_is_starved(bool inRoot)
    {
        using CountdownEvent pending = new(Callers);
        IWork work = await ServeAsync<IWork>(
            new Work
            {
                Sync = (step, _, _) =>
                {
                    _ = pending.Signal();
                    Assert.True(pending.Wait(Patience, CancellationToken.None));
                    return BitConverter.GetBytes(step);
                },
            },
            inRoot);
        RunWithStarvedPool(() =>
        {
            ConcurrentQueue<Exception> errors = new();
            int answered = 0;
            Thread[] callers = [.. Enumerable.Range(0, Callers).Select(n => new Thread(
                () =>
                {
                    try
                    {
                        Assert.Equal(n, BitConverter.ToInt32(work.Block(n, [])));
                        _ = Interlocked.Increment(ref answered);
                    }
                    catch (Exception e)
                    {
                        errors.Enqueue(e);
                    }
                },
                StackSize))];
            foreach (Thread caller in callers)
            {
                caller.Start();
            }

            foreach (Thread caller in callers)
            {
                Assert.True(caller.Join(Patience), $"{answered} of {Callers} calls were answered, {pending.CurrentCount} did not start");
            }

            Assert.Empty(errors);
            Assert.Equal(Callers, answered);
        });
    }

    [Fact]
    public async Task A_chain_of_blocking_calls_needs_no_pool_thread_at_any_level()
    {
        IWork? work = null;
        work = await ServeAsync<IWork>(new Work { Sync = (step, data, _) => step == 0 ? data : work!.Block(step - 1, data) });

        RunWithStarvedPool(() => Assert.Equal([7], work.Block(20, [7])));
    }

    [Fact]
    public async Task A_blocking_call_ends_by_its_deadline_while_the_pool_is_starved()
    {
        using ManualResetEventSlim release = new();
        IRemoteContext child = await ContextOfAsync<IWork>(new Work
        {
            Sync = (_, data, _) =>
            {
                _ = release.Wait(Patience, CancellationToken.None);
                return data;
            },
        });
        IWork work = child.Get<IWork>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) });

        RunWithStarvedPool(() => Assert.Throws<TimeoutException>(() => work.Block(0, [])));
        release.Set();
    }

    /// <summary>Every pool thread is blocked, and there will be no more, while the body runs on a thread of its own.</summary>
    private static void RunWithStarvedPool(Action body)
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
            Assert.True(thread.Join(Patience * 2), "The calls did not end.");
            Assert.False(Volatile.Read(ref probed), "The pool was not starved.");
        }
        finally
        {
            release.Set();
            Assert.True(ThreadPool.SetMaxThreads(maxWorkers, maxPorts));
            Assert.True(ThreadPool.SetMinThreads(minWorkers, minPorts));
            Assert.True(released.Wait(Patience), "The pool's threads did not go on.");
        }

        Assert.Null(error);
    }
}
