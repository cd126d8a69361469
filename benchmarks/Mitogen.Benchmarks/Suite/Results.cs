namespace Benchmarks.Suite;

/// <summary>All figures of a run, by subject, name and round.</summary>
internal sealed class Results
{
    private readonly Dictionary<(string Subject, string Figure), SortedList<int, double>> _values = [];

    public void Add(string subject, string figure, int round, double value)
    {
        if (!_values.TryGetValue((subject, figure), out SortedList<int, double>? rounds))
        {
            _values.Add((subject, figure), rounds = []);
        }

        rounds[round] = value;
    }

    public bool Has(string subject) => _values.Keys.Any(k => k.Subject == subject);

    /// <summary>The median of the rounds; null if it was not measured.</summary>
    public double? Median(string subject, string figure) =>
        _values.TryGetValue((subject, figure), out SortedList<int, double>? rounds) ? Median([.. rounds.Values]) : null;

    /// <summary>The median of the rounds' ratios: both sides of each were measured within the same minute.</summary>
    public double? Ratio(string subject, string figure, string toSubject, string toFigure)
    {
        if (!_values.TryGetValue((subject, figure), out SortedList<int, double>? rounds) ||
            !_values.TryGetValue((toSubject, toFigure), out SortedList<int, double>? others))
        {
            return null;
        }

        double[] ratios = [.. rounds.Where(r => others.ContainsKey(r.Key)).Select(r => r.Value / others[r.Key])];
        return ratios.Length == 0 ? null : Median(ratios);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
