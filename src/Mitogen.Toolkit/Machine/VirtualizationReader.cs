namespace Mitogen.Toolkit.Machine;

/// <summary>Finds out what this machine runs in, by the marks that each kind leaves.</summary>
internal static class VirtualizationReader
{
    private static readonly (string Mark, string Name)[] s_vendors =
    [
        ("QEMU", "kvm"), ("KVM", "kvm"), ("Amazon EC2", "amazon"), ("Google", "google"), ("VMware", "vmware"), ("innotek", "virtualbox"),
        ("VirtualBox", "virtualbox"), ("Xen", "xen"), ("Microsoft Corporation", "hyper-v"), ("Parallels", "parallels"), ("Bochs", "bochs"),
        ("OpenStack", "kvm"), ("DigitalOcean", "kvm"), ("Hetzner", "kvm"), ("Apple Virtualization", "apple"),
    ];

    private static readonly string[] s_dmiNames = ["sys_vendor", "product_name", "board_vendor", "bios_vendor"];

    public static VirtualizationFacts Read() => new(Container(), Machine());

    private static string? Container()
    {
        if (KernelFiles.Word("/proc/sys/kernel/osrelease").Contains("microsoft", StringComparison.OrdinalIgnoreCase))
        {
            return "wsl";
        }

        // A container that is told its kind has it in the environment of its first process; only root can read that, so others copy it to a file.
        const string Variable = "container=";
        string told = KernelFiles.Word("/run/systemd/container") is { Length: > 0 } file ? file
            : KernelFiles.Read("/proc/1/environ").Split('\0').FirstOrDefault(text => text.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..]
            ?? "";
        return told.Length > 0 ? told
            : File.Exists("/run/.containerenv") ? "podman"
            : File.Exists("/.dockerenv") ? "docker"
            : Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null ? "kubernetes"
            : null;
    }

    private static string? Machine()
    {
        string vendor = string.Join(' ', s_dmiNames.Select(name => KernelFiles.Word($"/sys/class/dmi/id/{name}")));
        foreach ((string mark, string name) in s_vendors)
        {
            if (vendor.Contains(mark, StringComparison.OrdinalIgnoreCase)
                && (name != "hyper-v" || vendor.Contains("Virtual Machine", StringComparison.OrdinalIgnoreCase)))
            {
                return name;
            }
        }

        return KernelFiles.Word("/sys/hypervisor/type") is { Length: > 0 } type ? type
            : KernelFiles.Field(KernelFiles.Lines("/proc/cpuinfo"), "flags").Split(' ').Contains("hypervisor") ? "unknown"
            : null;
    }
}
