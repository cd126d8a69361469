using System.Net.NetworkInformation;
using Mitogen.Toolkit.Processes;

namespace Mitogen.Toolkit.Machine;

/// <summary>Reads the facts of this machine.</summary>
internal static class FactReader
{
    private const long Kibibyte = 1024;

    private static readonly (string Program, string Name)[] s_packageManagers =
    [
        ("apt-get", "apt"), ("dnf", "dnf"), ("microdnf", "dnf"), ("yum", "yum"), ("zypper", "zypper"), ("apk", "apk"), ("pacman", "pacman"),
        ("xbps-install", "xbps"), ("emerge", "portage"), ("opkg", "opkg"), ("nix-env", "nix"), ("tdnf", "tdnf"),
    ];

    public static SystemFacts Read(ContextInfo self)
    {
        string[] memory = KernelFiles.Lines("/proc/meminfo");
        long Memory(string name) => KernelFiles.Number(KernelFiles.Field(memory, name)) * Kibibyte;
        string[] load = KernelFiles.Read("/proc/loadavg").Split(' ');
        double Load(int index) => index < load.Length ? KernelFiles.Fraction(load[index]) : 0;
        return new SystemFacts(
            self.HostName,
            self.UserName,
            Distribution(),
            new KernelFacts(KernelFiles.Word("/proc/sys/kernel/osrelease"), KernelFiles.Word("/proc/sys/kernel/version"), self.Architecture),
            Processor(),
            new MemoryFacts(Memory("MemTotal"), Memory("MemAvailable"), Memory("SwapTotal"), Memory("SwapFree")),
            new LoadFacts(Load(0), Load(1), Load(2)),
            TimeSpan.FromSeconds(KernelFiles.Fraction(KernelFiles.FirstWord(KernelFiles.Read("/proc/uptime")))),
            $"{KernelFiles.Word("/proc/sys/kernel/random/boot_id")}/{ProcessStatusFile.Read(1)?.StartTicks}",
            VirtualizationReader.Read(),
            KernelFiles.InitSystem(),
            s_packageManagers.FirstOrDefault(manager => IsInstalled(manager.Program)).Name,
            ProcessStatusFile.AllIds().Count(),
            MountReader.Read(),
            Interfaces());
    }

    private static DistributionFacts Distribution()
    {
        string[] lines = KernelFiles.Lines("/etc/os-release") is { Length: > 0 } own ? own : KernelFiles.Lines("/usr/lib/os-release");
        string Value(string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim().Trim('"', '\'') ?? "";
        string id = Value("ID");
        return new DistributionFacts(
            id.Length > 0 ? id : "linux",
            Value("PRETTY_NAME") is { Length: > 0 } pretty ? pretty : Value("NAME") is { Length: > 0 } name ? name : "Linux",
            Value("VERSION_ID"),
            Value("ID_LIKE").Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static ProcessorFacts Processor()
    {
        string[] lines = KernelFiles.Lines("/proc/cpuinfo");
        int count = lines.Count(line => line.StartsWith("processor", StringComparison.Ordinal) && line.Contains(':', StringComparison.Ordinal));
        string model = KernelFiles.Field(lines, "model name") is { Length: > 0 } name ? name : KernelFiles.Field(lines, "Model");
        return new ProcessorFacts(model, Math.Max(count, Environment.ProcessorCount), Environment.ProcessorCount);
    }

    private static bool IsInstalled(string program) =>
        ProgramLookup.UsualPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static List<InterfaceFacts> Interfaces()
    {
        List<InterfaceFacts> facts = [];
        foreach (NetworkInterface device in NetworkInterface.GetAllNetworkInterfaces())
        {
            string folder = $"/sys/class/net/{device.Name}";
            facts.Add(new InterfaceFacts(
                device.Name,
                device.OperationalStatus == OperationalStatus.Up || device.NetworkInterfaceType == NetworkInterfaceType.Loopback,
                string.Join(':', device.GetPhysicalAddress().GetAddressBytes().Select(b => $"{b:x2}")),
                [.. device.GetIPProperties().UnicastAddresses.Select(address => $"{address.Address}/{address.PrefixLength}")],
                KernelFiles.Number(KernelFiles.Word($"{folder}/statistics/rx_bytes")),
                KernelFiles.Number(KernelFiles.Word($"{folder}/statistics/tx_bytes"))));
        }

        return facts;
    }
}
