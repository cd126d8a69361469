using System.Globalization;

namespace Benchmarks.Suite;

/// <summary>What the command line asks for.</summary>
internal sealed record SuiteOptions
{
    public const string Usage = """
        usage: benchmarks/run [--only NAME]... [--quick] [--rounds N]
               benchmarks/run --soak MINUTES
        NAME: socket pipes handoffs async mitogen jsonrpc grpc python start memory bulk pending contexts shapes streams objects
              delay callbacks
        """;

    private List<string> Only { get; } = [];

    /// <summary>One round, a tenth of the time: shows that everything works, measures nothing.</summary>
    public bool Quick { get; private set; }

    public int Rounds { get; private set; } = 3;

    public TimeSpan? SoakTime { get; private set; }

    /// <summary>How long each figure is measured in each round.</summary>
    public TimeSpan Time => Quick ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(2);

    public static SuiteOptions? Parse(string[] args)
    {
        SuiteOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick":
                    options.Quick = true;
                    options.Rounds = 1;
                    break;
                case "--only" when i + 1 < args.Length:
                    options.Only.Add(args[++i]);
                    break;
                case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int rounds) && rounds > 0:
                    options.Rounds = rounds;
                    i++;
                    break;
                case "--soak" when i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out double minutes):
                    options.SoakTime = TimeSpan.FromMinutes(minutes);
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public bool Includes(string subject) => Only.Count == 0 || Only.Contains(subject);
}
