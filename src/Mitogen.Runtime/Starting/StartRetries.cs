namespace Mitogen.Starting;

/// <summary>
/// When a start is tried again that the other side has dropped before it said anything: a little later each time, not all at the same moment, and
/// as long as the start has time left.
/// </summary>
internal sealed class StartRetries(StartWatch watch, Random random)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(4);

    /// <summary>How often it was tried.</summary>
    public int Tries { get; private set; } = 1;

    /// <returns>How long to wait before the next try; <see langword="null"/> if there is no time for one.</returns>
    public TimeSpan? Next()
    {
        TimeSpan most = s_first * Math.Pow(2, Math.Min(Tries - 1, 10));
        TimeSpan pause = (most < s_longest ? most : s_longest) * (0.5 + (random.NextDouble() / 2));
        if (pause >= watch.Left)
        {
            return null;
        }

        Tries++;
        return pause;
    }
}
