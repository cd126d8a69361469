namespace Mitogen.Runtime.Tests;

/// <summary>Waits for what comes to pass by itself, with patience for a busy machine.</summary>
internal static class Eventually
{
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !await condition(); await Task.Delay(5, TestContext.Current.CancellationToken))
        {
            Assert.True(Environment.TickCount64 < end, "It did not come to pass in time.");
        }
    }
}
