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
        StarvedPool.Run(() =>
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

        StarvedPool.Run(() => Assert.Equal([7], work.Block(20, [7])));
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

        StarvedPool.Run(() => Assert.Throws<TimeoutException>(() => work.Block(0, [])));
        release.Set();
    }
}
