using Benchmarks.Measuring;
using Mitogen;
using Mitogen.Testing;

namespace Benchmarks.Contexts;

/// <summary>A call's cost in a tree of many contexts in this process: to one of them, and to each in turn.</summary>
internal static class ContextCost
{
    private const int Turns = 5;

    public static async Task RunAsync(TimeSpan time)
    {
        List<InProcessRoot> roots = [];
        List<Turn> turns = [];
        foreach (int count in (int[])[1, 100, 1_000])
        {
            InProcessRoot root = InProcessRoot.Create();
            roots.Add(root);
            IBench[] benches = new IBench[count];
            for (int i = 0; i < count; i++)
            {
                benches[i] = (await root.ConnectAsync(new LocalConnection { Name = $"c{i}" })).Get<IBench>();
            }

            int next = 0;
            turns.Add(new Turn($"one.{count}", () => benches[count / 2].AddAsync(1, 2)));
            turns.Add(new Turn($"each.{count}", () => benches[next = (next + 1) % count].AddAsync(1, 2)));
        }

        await Turn.TakeAsync(turns, Turns, time);
        foreach (Turn turn in turns)
        {
            Figures.Print($"contexts.{turn.Name}.median", turn.Median);
        }

        foreach (InProcessRoot root in roots)
        {
            await root.DisposeAsync();
        }
    }
}
