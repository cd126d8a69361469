using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>A call's cost beside others that are pending on the same link, which never end.</summary>
internal static class PendingCost
{
    private const int Turns = 5;
    private const int AtOnce = 1000;

    public static async Task RunAsync(TimeSpan time)
    {
        using CancellationTokenSource end = new();
        List<Task> waits = [];
        List<Turn> turns = [];
        await using (MitogenRoot root = MitogenRoot.Create(new MitogenOptions { MaxOpenStreams = 200_000 }))
        {
            foreach (int pending in (int[])[0, 10, 1_000, 100_000])
            {
                IRemoteContext context = await root.ConnectAsync(new LocalConnection { Name = $"pending{pending}" });
                IBulk bulk = context.Get<IBulk>();
                while (await bulk.CountWaitingAsync() is var waiting && waiting < pending)
                {
                    for (int i = waiting; i < Math.Min(pending, waiting + AtOnce); i++)
                    {
                        waits.Add(bulk.WaitAsync(end.Token));
                    }
                }

                IBench bench = context.Get<IBench>();
                turns.Add(new Turn($"{pending}", () => bench.AddAsync(1, 2)));
            }

            await Turn.TakeAsync(turns, Turns, time);
            foreach (Turn turn in turns)
            {
                Figures.Print($"pending.{turn.Name}.median", turn.Median);
            }
        }

        // The contexts are gone, and the calls with them.
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
