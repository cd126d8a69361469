using Benchmarks.Links;
using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>Chains of promises through a link that takes 20 ms each way: a round trip each, or one for all.</summary>
internal static class DelayCost
{
    private const int Turns = 5;
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(TimeSpan time)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        DelayingLink.SetDelay(s_delay);
        IRemoteContext context = await root.ConnectAsync(new LocalConnection { DotNetPath = ChildPrograms.Self });
        DelayingLink.SetDelay(null);
        IBench bench = context.Get<IBench>();
        ITickets objects = context.Get<ITickets>();
        Turn[] turns =
        [
            new("call", () => bench.AddAsync(1, 2)),
            new("chain1", () => ObjectCost.ChainAsync(objects, 1)),
            new("chain4", () => ObjectCost.ChainAsync(objects, 4)),
            new("chain16", () => ObjectCost.ChainAsync(objects, 16)),
            new("awaited16", () => AwaitedAsync(objects, 16)),
        ];
        await Turn.TakeAsync(turns, Turns, time);
        foreach (Turn turn in turns)
        {
            Figures.Print($"{turn.Name}.median", turn.Median);
        }
    }

    /// <summary>The same chain, each step of which is awaited before the next.</summary>
    private static async ValueTask<int> AwaitedAsync(ITickets objects, int steps)
    {
        ITicket thing = objects.Promise();
        for (int i = 1; i < steps; i++)
        {
            thing = (await thing.ReadyAsync()).Next();
        }

        return await thing.AddAsync(1, 2);
    }
}
