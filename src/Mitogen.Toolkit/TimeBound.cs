namespace Mitogen.Toolkit;

/// <summary>The range of times that are options: what a timer can wait for.</summary>
internal static class TimeBound
{
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static void Check(TimeSpan time, string option, bool mayBeZero = false)
    {
        if (time < TimeSpan.Zero || (time == TimeSpan.Zero && !mayBeZero) || time.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(option, time, $"{option} is a time of up to 24 days{(mayBeZero ? "" : ", and more than none")}.");
        }
    }
}
