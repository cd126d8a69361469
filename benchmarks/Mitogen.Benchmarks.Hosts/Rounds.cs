using Mitogen;

namespace Benchmarks.Hosts;

/// <summary>Measures its subjects in turns, round after round, and prints them: each beside the first one of its group.</summary>
internal sealed class Rounds(MitogenRoot app)
{
    private readonly List<Subject> _subjects = [];

    /// <param name="group">Where.</param>
    /// <param name="name">What.</param>
    /// <param name="measure">Measures it once, in milliseconds.</param>
    public void Add(string group, string name, Func<Task<double>> measure) => _subjects.Add(new(group, name, measure));

    /// <summary>A context's start, from <c>ConnectAsync</c> to the answer of its first call.</summary>
    public void Add(string group, string name, Connection connection)
    {
        Subject subject = new(group, name, () => Timing.OfAsync(
            async () =>
            {
                IRemoteContext context = await app.ConnectAsync(connection);
                _ = await context.Get<ITarget>().EchoAsync(1);
                return context;
            },
            context => context.DisposeAsync()));
        _subjects.Add(subject with
        {
            Measure = async () =>
            {
                double time = await subject.Measure();
                subject.Starts.Add(Starts.Shared.Last);
                return time;
            },
        });
    }

    public async Task RunAsync(int rounds)
    {
        for (int round = -1; round < rounds; round++)
        {
            foreach (Subject subject in _subjects)
            {
                double time = await subject.Measure();
                if (round >= 0)
                {
                    subject.Times.Add(time);
                }
                else
                {
                    subject.Starts.Clear(); // this round warms caches and executables up
                }
            }
        }
    }

    public void Print()
    {
        Console.WriteLine(
            "| where | what | median ms | least | beside the first | a shell after | hello after | bytes there | back |\n" +
            "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (Subject subject in _subjects)
        {
            double first = Timing.Median(_subjects.First(other => other.Group == subject.Group).Times);
            double median = Timing.Median(subject.Times);
            Console.WriteLine(
                $"| {subject.Group} | {subject.Name} | {median:0.0} | {subject.Times.Min():0.0} | {median / first:0.00} | " +
                $"{subject.Of("Reached", "0.0")} | {subject.Of("Hello", "0.0")} | {subject.Of("Sent", "#,0")} | {subject.Of("Received", "#,0")} |");
        }
    }

    private sealed record Subject(string Group, string Name, Func<Task<double>> Measure)
    {
        public List<double> Times { get; } = [];

        public List<IReadOnlyDictionary<string, object?>> Starts { get; } = [];

        /// <summary>The median of what the starts told of themselves.</summary>
        public string Of(string key, string format)
        {
            double[] values = [.. Starts.Select(start => start.GetValueOrDefault(key) switch
            {
                TimeSpan time => time.TotalMilliseconds,
                long bytes => bytes,
                _ => double.NaN,
            }).Where(value => !double.IsNaN(value))];
            return values.Length == 0 ? "" : Timing.Median(values).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
