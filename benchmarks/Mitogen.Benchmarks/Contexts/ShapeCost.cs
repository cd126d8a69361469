using Benchmarks.Measuring;
using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>The round trip of each shape of a call, in turns.</summary>
internal static class ShapeCost
{
    private const int Turns = 5;

    public static async Task RunAsync(TimeSpan time)
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(new LocalConnection());
        IBench bench = context.Get<IBench>();
        byte[] data = new byte[3];
        (string Name, Func<ValueTask<int>> Call)[] shapes =
        [
            ("valuetask", () => bench.AddAsync(1, 2)),
            ("task", () => new ValueTask<int>(bench.AddTaskAsync(1, 2))),
            ("blocking", () => new ValueTask<int>(bench.Add(1, 2))),
            ("bytes", async () => (await bench.EchoAsync(data)).Length),
        ];
        Turn[] turns = [.. shapes.Select(s => new Turn(s.Name, s.Call))];
        await Turn.TakeAsync(turns, Turns, time);
        foreach (Turn turn in turns)
        {
            Figures.Print($"{turn.Name}.median", turn.Median);
        }
    }
}
