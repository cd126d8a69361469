using System.Globalization;
using Mitogen;

namespace Fleet;

/// <summary>Tells about the machine that it runs on.</summary>
[Remote]
internal interface IFacts
{
    /// <summary>Reads what the machine says of itself at this moment.</summary>
    Task<HostFacts> GatherAsync(CancellationToken cancellationToken = default);
}

/// <summary>What a machine says of itself. Sizes are in bytes; the disk is the one of the root folder.</summary>
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
    int Processes);

/// <summary>Runs on the target. It reads /proc and starts nothing, so that it works in a container that has nothing but itself.</summary>
[RemoteService]
internal sealed class Facts(IRemoteContext self) : IFacts
{
    private const long Kilobyte = 1024;

    public Task<HostFacts> GatherAsync(CancellationToken cancellationToken)
    {
        DriveInfo disk = new("/");
        return Task.FromResult(new HostFacts(
            self.Info.HostName,
            self.Info.UserName,
            SystemName(),
            self.Info.Architecture,
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            (long)FirstNumber("/proc/uptime"),
            FirstNumber("/proc/loadavg"),
            Memory("MemTotal"),
            Memory("MemAvailable"),
            disk.TotalSize,
            disk.AvailableFreeSpace,
            Directory.EnumerateDirectories("/proc").Count(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))));
    }

    private static string SystemName() =>
        (File.Exists("/etc/os-release") ? ValueOf("/etc/os-release", "PRETTY_NAME=")?.Trim('"', '\'') : null) ?? "Linux";

    private static long Memory(string name) => ValueOf("/proc/meminfo", name + ":") is { } value
        ? long.Parse(value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture) * Kilobyte
        : 0;

    private static string? ValueOf(string file, string start) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];

    private static double FirstNumber(string file) => double.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture);
}
