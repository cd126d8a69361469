using System.Globalization;

namespace Mitogen.Toolkit;

/// <summary>How a process ended.</summary>
/// <param name="Status">The exit status, from 0 to 255; <see langword="null"/> if a signal ended it.</param>
/// <param name="Signal">The signal that ended it; <see cref="ProcessSignal.None"/> if none did.</param>
/// <param name="Duration">From the start to the exit.</param>
/// <param name="TimedOut">Whether it was ended because <see cref="ProcessCommand.Timeout"/> was over.</param>
/// <param name="Usage">The resources that it used, together with those of its children that it waited for; <see langword="null"/> on 32-bit systems.</param>
public sealed record ProcessExit(int? Status, ProcessSignal Signal, TimeSpan Duration, bool TimedOut, ProcessUsage? Usage)
{
    private const int SignalBase = 128;

    /// <summary>Whether its status is 0 and it was not ended.</summary>
    public bool IsSuccess => Status == 0 && !TimedOut;

    /// <summary>The status as shells have it: 128 + n after signal n.</summary>
    public int Code => Status ?? (SignalBase + (int)Signal);

    /// <summary>The end in words.</summary>
    /// <returns>As <c>exit status 2</c>, <c>signal 9 (Kill)</c> or <c>ended after its time-out: signal 15 (Terminate)</c>.</returns>
    public override string ToString()
    {
        string how = Status is { } status
            ? string.Create(CultureInfo.InvariantCulture, $"exit status {status}")
            : string.Create(CultureInfo.InvariantCulture, $"signal {(int)Signal}{(Enum.IsDefined(Signal) ? $" ({Signal})" : "")}");
        return TimedOut ? $"ended after its time-out: {how}" : how;
    }
}

/// <summary>The resources that a process used.</summary>
/// <param name="UserTime">The time of processors in its own code.</param>
/// <param name="SystemTime">The time of processors in the kernel for it.</param>
/// <param name="MaxMemory">The most memory that it held at a time, in bytes.</param>
public sealed record ProcessUsage(TimeSpan UserTime, TimeSpan SystemTime, long MaxMemory);
