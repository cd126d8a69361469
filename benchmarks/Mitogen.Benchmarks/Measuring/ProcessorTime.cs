using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Benchmarks.Measuring;

/// <summary>The processor time that a process has used, user and system, to the nanosecond: /proc counts in ticks of 10 ms.</summary>
internal static unsafe partial class ProcessorTime
{
    private const int ClockOfProcess = 2; // CPUCLOCK_SCHED, in the clock's lowest bits

    public static double Microseconds(int processId)
    {
        // What clock_getcpuclockid(3) answers on Linux.
        int clock = unchecked((~processId << 3) | ClockOfProcess);
        long* time = stackalloc long[2];
        return GetTime(clock, time) == 0
            ? (time[0] * 1e6) + (time[1] / 1e3)
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"The clock of process {processId} cannot be read.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, long* time);
}
