using Mitogen.Toolkit;

namespace Fleet;

/// <summary>The facts that the views show. Sizes are in bytes; the disk is the one of the root folder.</summary>
internal sealed record HostFacts(
    string Host,
    string User,
    string System,
    string Architecture,
    string Kernel,
    long UptimeSeconds,
    double Load,
    long MemoryTotal,
    long MemoryAvailable,
    long DiskTotal,
    long DiskFree,
    int Processes)
{
    /// <summary>Of all that a machine says of itself, the part that is shown.</summary>
    public static HostFacts Of(SystemFacts facts)
    {
        // A later mount hides an earlier one of the same path.
        MountFacts? disk = facts.Mounts.LastOrDefault(mount => mount.Path == "/");
        return new HostFacts(
            facts.HostName,
            facts.UserName,
            facts.Distribution.Name,
            facts.Kernel.Architecture,
            facts.Kernel.Release,
            (long)facts.Uptime.TotalSeconds,
            facts.Load.One,
            facts.Memory.Total,
            facts.Memory.Available,
            disk?.Total ?? 0,
            disk?.Available ?? 0,
            facts.ProcessCount);
    }
}
