using System.Diagnostics;
using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>The exit of the process: noticed, and reaped. No other child of this process is touched.</summary>
internal sealed partial class RunningProcess
{
    private const int SignalMask = 0x7f;
    private const int MicrosecondTicks = 10;

    private async Task WatchAsync()
    {
#pragma warning disable CA1031 // whatever it is, the waits end with it
        try
        {
            await ExitsAsync().ConfigureAwait(false);
            TimeSpan duration = Stopwatch.GetElapsedTime(_started);
            Output.OnExited();
            Error.OnExited();

            // Not yet reaped, the leader keeps the number of its group. What is left of the group has the rest of the grace.
            while (IsGroupWaitedFor() && ProcessStatusFile.HasFollowers(Id))
            {
                await Task.Delay(s_step).ConfigureAwait(false);
            }

            _exited.SetResult(Reap(duration));
        }
        catch (Exception e)
        {
            _exited.SetException(e);
        }
#pragma warning restore CA1031
    }

    private bool IsGroupWaitedFor()
    {
        lock (_gate)
        {
            return _ending is not null && !_killed;
        }
    }

    private async Task ExitsAsync()
    {
        int fd = ProcessLibc.OpenProcess(Id);
        if (fd >= 0)
        {
            using ProcessHandle descriptor = ProcessHandle.Own(fd, "pidfd_open");
            await ProcessPolling.ReadyAsync(descriptor, ProcessLibc.PollIn, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        // An old kernel or a sandbox: we look at intervals.
        while (!HasExited())
        {
            await Task.Delay(s_step).ConfigureAwait(false);
        }
    }

    /// <summary>Also where something else took its status: then there is no such child.</summary>
    private unsafe bool HasExited()
    {
        byte* info = stackalloc byte[ProcessLibc.SignalInfoSize];
        new Span<byte>(info, ProcessLibc.SignalInfoSize).Clear();
        int result;
        do
        {
            result = ProcessLibc.WaitId(ProcessLibc.AnyProcessId, Id, info, ProcessLibc.Exited | ProcessLibc.NoHang | ProcessLibc.NoReap);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == ProcessLibc.Interrupted);
        return result != 0 || *(int*)info != 0; // si_signo, which stays 0 when there is nothing to report
    }

    private unsafe ProcessExit Reap(TimeSpan duration)
    {
        int status = 0;
        byte* usage = stackalloc byte[ProcessLibc.ResourceUsageSize];
        new Span<byte>(usage, ProcessLibc.ResourceUsageSize).Clear();
        int result;
        bool timedOut;
        lock (_gate)
        {
            if (_ending is not null && HasExited())
            {
                _ = ProcessLibc.SendSignal(-Id, (int)ProcessSignal.Kill);
            }

            do
            {
                result = ProcessLibc.Wait(Id, &status, 0, usage);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == ProcessLibc.Interrupted);
            _reaped = true;
            timedOut = _timedOut;
        }

        if (result != Id)
        {
            return new ProcessExit(null, ProcessSignal.None, duration, timedOut, Usage: null); // its status was taken by something else
        }

        int signal = status & SignalMask;
        return new ProcessExit(
            signal == 0 ? (status >> 8) & 0xff : null, (ProcessSignal)signal, duration, timedOut, nint.Size == sizeof(long) ? UsageOf((long*)usage) : null);
    }

    /// <summary>struct rusage: two timevals of 16 bytes, and the memory in KiB.</summary>
    private static unsafe ProcessUsage UsageOf(long* usage) =>
        new(TimeSpan.FromTicks((usage[0] * TimeSpan.TicksPerSecond) + (usage[1] * MicrosecondTicks)),
            TimeSpan.FromTicks((usage[2] * TimeSpan.TicksPerSecond) + (usage[3] * MicrosecondTicks)),
            usage[4] * 1024);
}
