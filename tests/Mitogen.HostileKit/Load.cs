using System.Diagnostics;

namespace Mitogen.HostileKit;

/// <summary>Calls a context that keeps the rules, one call after the other, and notes how long each took.</summary>
internal sealed class Load(string name, IKeeper keeper)
{
    // No assertion: a call that takes so long has no answer.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly List<TimeSpan> _times = [];
    private volatile bool _isOver;
    private Task _running = Task.CompletedTask;

    /// <summary>Why a call failed, if one did.</summary>
    public string? Failure { get; private set; }

    public int Count => _times.Count;

    /// <summary>The time that one of a hundred calls takes longer than, in milliseconds.</summary>
    public double P99
    {
        get
        {
            TimeSpan[] sorted = [.. _times.Order()];
            return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, sorted.Length * 99 / 100)].TotalMilliseconds;
        }
    }

    public void Start() => _running = Task.Run(async () =>
    {
        while (!_isOver && await CallAsync())
        {
            // One after the other.
        }
    });

    public async Task<Load> StopAsync()
    {
        _isOver = true;
        await _running;
        return this;
    }

    /// <summary>Makes a number of calls.</summary>
    public async Task<Load> RunAsync(int calls)
    {
        for (int i = 0; i < calls && await CallAsync(); i++)
        {
            // One after the other.
        }

        return this;
    }

    private async Task<bool> CallAsync()
    {
        long start = Stopwatch.GetTimestamp();
#pragma warning disable CA1031 // whatever fails it is what the case is about
        try
        {
            await keeper.PingAsync().WaitAsync(s_patience);
            _times.Add(Stopwatch.GetElapsedTime(start));
            return true;
        }
        catch (Exception e)
        {
            Failure = $"call {_times.Count} of '{name}' failed: {e.GetType().Name}: {e.Message}";
            return false;
        }
#pragma warning restore CA1031
    }
}
