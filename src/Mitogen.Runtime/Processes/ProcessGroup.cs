using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>The process group that a started context leads.</summary>
internal static class ProcessGroup
{
    /// <summary>
    /// Kills this process and everything that it started and that stayed in its group. For a context whose parent is gone: nobody
    /// else is left to do it. Returns only if this process does not lead its group.
    /// </summary>
    public static void KillOwn()
    {
        if (Libc.GetProcessGroup(0) == Environment.ProcessId)
        {
            _ = Libc.SendSignal(-Environment.ProcessId, Libc.Kill);
        }
    }
}
