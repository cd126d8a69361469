namespace Mitogen.Runtime.Tests;

/// <summary>
/// Waits for what comes to pass by itself, with one patience for all tests: longer than any busy machine takes. So a test that does not fail
/// does not depend on it, and no test waits in another way.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);

    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    public static Task UntilAsync(Func<bool> condition, Func<string>? otherwise = null) => UntilAsync(() => Task.FromResult(condition()), otherwise);

    /// <param name="condition">The thing that comes to pass.</param>
    /// <param name="otherwise">The words for a failure.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !await condition(); await Task.Delay(s_step, TestContext.Current.CancellationToken))
        {
            Assert.True(Environment.TickCount64 < end, otherwise?.Invoke() ?? "It did not come to pass.");
        }
    }

    /// <summary>The same on a thread that is not to await.</summary>
    public static void Until(Func<bool> condition)
    {
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition(); Thread.Sleep(s_step))
        {
            Assert.True(Environment.TickCount64 < end, "It did not come to pass.");
        }
    }

    /// <summary>
    /// Times for something that a time-out is to end, each twice as long as the one before: on a busy machine a short one may be over before
    /// what the test is about has begun. Whoever has seen that takes no more of them.
    /// </summary>
    public static IEnumerable<TimeSpan> LongerTimes(TimeSpan first)
    {
        for (TimeSpan time = first; time <= Patience; time *= 2)
        {
            yield return time;
        }

        Assert.Fail("No time was long enough.");
    }

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);
}
