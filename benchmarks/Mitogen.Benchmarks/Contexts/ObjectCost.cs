using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>What objects cost: a callback, a whole life, a step of a chain of promises, and a call beside many that live.</summary>
internal static class ObjectCost
{
    private const int Turns = 5;

    public static async Task RunAsync(TimeSpan time)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(new LocalConnection());
        IBench bench = context.Get<IBench>();
        ITickets objects = context.Get<ITickets>();
        Ticket own = new();
        Turn[] turns =
        [
            new("call", () => bench.AddAsync(1, 2)),
            new("callback", async () => await objects.CallBackAsync(own)),
            new("life", () => LiveAsync(objects)),
            new("chain1", () => ChainAsync(objects, 1)),
            new("chain4", () => ChainAsync(objects, 4)),
            new("chain16", () => ChainAsync(objects, 16)),
        ];
        await Turn.TakeAsync(turns, Turns, time);
        foreach (Turn turn in turns)
        {
            Figures.Print($"{turn.Name}.median", turn.Median);
        }

        List<ITicket> live = [];
        foreach (int count in (int[])[10, 1000, 100_000])
        {
            while (live.Count < count)
            {
                live.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(1000, count - live.Count)).Select(_ => objects.CreateAsync())));
            }

            Turn[] beside = [new($"live.{count}", () => live[0].AddAsync(1, 2))];
            await Turn.TakeAsync(beside, Turns, time);
            Figures.Print($"live.{count}.median", beside[0].Median);
        }

        GC.KeepAlive(live);
    }

    private static async ValueTask<int> LiveAsync(ITickets objects)
    {
        await using ITicket thing = await objects.CreateAsync();
        return await thing.AddAsync(1, 2);
    }

    /// <summary>A chain of promises and a call on the last.</summary>
    public static async ValueTask<int> ChainAsync(ITickets objects, int steps)
    {
        ITicket thing = objects.Promise();
        for (int i = 1; i < steps; i++)
        {
            thing = thing.Next();
        }

        return await thing.AddAsync(1, 2);
    }
}
