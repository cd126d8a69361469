using Mitogen.Calls;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Work that several threads take from one batch, while its owner adds to it.</summary>
public sealed class WorkBatchTests
{
    [Fact]
    public async Task Each_item_runs_once_whoever_takes_it_and_whatever_is_added_meanwhile()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        Random random = new(seed);
        WorkBatch batch = WorkBatch.Rent();
        for (int round = 0; round < 500; round++)
        {
            int[] runs = new int[random.Next(1, 40)];
            int added = random.Next(1, runs.Length + 1);
            int helpers = random.Next(0, 4);
            WorkBatch current = batch;
            Item[] items = new Item[runs.Length];
            for (int i = 0; i < runs.Length; i++)
            {
                int at = i;
                items[i] = new Item(() =>
                {
                    _ = Interlocked.Increment(ref runs[at]);
                    if (at < helpers)
                    {
                        current.Help();
                    }
                });
            }

            Item more = new(() =>
            {
                for (; added < items.Length && current.TryAddMore(items[added]); added++)
                {
                }
            });
            batch.Add(more);
            for (int i = 0; i < added; i++)
            {
                batch.Add(items[i]);
            }

            int first = added;
            if (!batch.Run())
            {
                batch = WorkBatch.Rent();
            }

            // As many as there was room for.
            await Eventually.UntilAsync(() => runs.Take(added).All(static run => run == 1), () => $"seed {seed}, round {round}");
            Assert.InRange(added, first, items.Length);
            Assert.All(runs.Skip(added), run => Assert.Equal(0, run));
        }
    }

    [Fact]
    public async Task What_runs_elsewhere_does_not_wait_behind_what_blocks()
    {
        WorkBatch batch = new();
        using ManualResetEventSlim until = new();
        int ran = 0;
        for (int i = 0; i < 3; i++)
        {
            batch.Add(new Item(() => until.Wait(TestContext.Current.CancellationToken)));
            batch.Add(new Item(() => Interlocked.Increment(ref ran)));
        }

        batch.RunElsewhere();

        await Eventually.UntilAsync(() => Volatile.Read(ref ran) == 3);
        until.Set();
    }

    [Fact]
    public void Work_that_may_block_stays_only_alone()
    {
        using BlockingThreads threads = new();
        WorkBatch batch = new();
        using ManualResetEventSlim ran = new();
        string? thread = null;
        batch.AddBlocking(new Item(() =>
        {
            thread = Thread.CurrentThread.Name;
            ran.Set();
        }), threads);
        batch.Add(new Item(static () => { }));

        Assert.True(ran.Wait(Eventually.Patience, TestContext.Current.CancellationToken));
        Assert.Equal("mitogen-call", thread);
        Assert.False(batch.HasSeveral);
        Assert.True(batch.Run());
        Assert.True(batch.IsEmpty);
    }

    private sealed class Item(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
