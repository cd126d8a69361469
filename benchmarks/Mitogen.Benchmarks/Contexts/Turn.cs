using Benchmarks.Measuring;

namespace Benchmarks.Contexts;

/// <summary>One of several calls that are compared: they are measured in turns, so that noise hits all alike.</summary>
internal sealed class Turn(string name, Func<ValueTask<int>> call)
{
    private readonly Func<ValueTask<int>> _call = call;
    private readonly List<double> _medians = [];

    public string Name => name;

    /// <summary>The median of the turns' median round trips, in microseconds.</summary>
    public double Median => _medians.Order().ElementAt(_medians.Count / 2);

    /// <summary>Measures each call as often as the others, after a turn that warms up.</summary>
    public static async Task TakeAsync(IReadOnlyList<Turn> calls, int turns, TimeSpan time)
    {
        Latencies latencies = new();
        for (int i = 0; i <= turns; i++)
        {
            foreach (Turn call in calls)
            {
                latencies.Clear();
                await Scenarios.CallAsync(call._call, time / turns, latencies);
                if (i > 0)
                {
                    call._medians.Add(latencies.Quantile(0.5));
                }
            }
        }
    }
}
