namespace Mitogen.Toolkit;

/// <summary>What a machine says of itself. Sizes are in bytes.</summary>
/// <param name="HostName">The host's name.</param>
/// <param name="UserName">The user that the context runs as.</param>
/// <param name="Distribution">The distribution.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="Processor">The processors.</param>
/// <param name="Memory">The memory.</param>
/// <param name="Load">How busy it is.</param>
/// <param name="Uptime">The time since the kernel started.</param>
/// <param name="BootId">Another one after each start of the machine or container.</param>
/// <param name="Virtualization">What it runs in.</param>
/// <param name="InitSystem">The program that starts services, such as <c>systemd</c> or <c>init</c>: the name of process 1.</param>
/// <param name="PackageManager">The first of apt, dnf, yum, zypper, apk, pacman and so on that is there; <see langword="null"/> if none is.</param>
/// <param name="ProcessCount">How many processes the context can see.</param>
/// <param name="Mounts">The file systems, but for those of the kernel itself.</param>
/// <param name="Interfaces">The network interfaces.</param>
public sealed record SystemFacts(
    string HostName,
    string UserName,
    DistributionFacts Distribution,
    KernelFacts Kernel,
    ProcessorFacts Processor,
    MemoryFacts Memory,
    LoadFacts Load,
    TimeSpan Uptime,
    string BootId,
    VirtualizationFacts Virtualization,
    string InitSystem,
    string? PackageManager,
    int ProcessCount,
    IReadOnlyList<MountFacts> Mounts,
    IReadOnlyList<InterfaceFacts> Interfaces);

/// <summary>A distribution, as <c>/etc/os-release</c> has it.</summary>
/// <param name="Id">Its id, such as <c>debian</c>; <c>linux</c> where the file is missing.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Version">Its version; empty if it has none.</param>
/// <param name="Like">The ids of those that it is like, such as <c>debian</c> for Ubuntu.</param>
public sealed record DistributionFacts(string Id, string Name, string Version, IReadOnlyList<string> Like);

/// <summary>A kernel.</summary>
/// <param name="Release">Its release, such as <c>6.1.0-18-amd64</c>.</param>
/// <param name="Version">Its build.</param>
/// <param name="Architecture">The architecture of the context's process, such as <c>X64</c>.</param>
public sealed record KernelFacts(string Release, string Version, string Architecture);

/// <summary>The processors.</summary>
/// <param name="Model">Their model; empty where the kernel does not tell.</param>
/// <param name="Count">How many the machine has.</param>
/// <param name="Available">How many the context may use.</param>
public sealed record ProcessorFacts(string Model, int Count, int Available);

/// <summary>The memory of a machine, in bytes.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Available">The part that programs could have without swapping.</param>
/// <param name="SwapTotal">The swap space.</param>
/// <param name="SwapFree">The free part of it.</param>
public sealed record MemoryFacts(long Total, long Available, long SwapTotal, long SwapFree);

/// <summary>How many threads run or wait for a disk, on average.</summary>
/// <param name="One">Of the last minute.</param>
/// <param name="Five">Of the last five minutes.</param>
/// <param name="Fifteen">Of the last 15 minutes.</param>
public sealed record LoadFacts(double One, double Five, double Fifteen);

/// <summary>What a machine runs in.</summary>
/// <param name="Container">The kind of container, such as <c>docker</c>, <c>podman</c>, <c>lxc</c>; <see langword="null"/> if none is known.</param>
/// <param name="Machine">The kind of virtual machine, such as <c>kvm</c>, <c>vmware</c>, <c>xen</c>; <see langword="null"/> if none is known.</param>
public sealed record VirtualizationFacts(string? Container, string? Machine);

/// <summary>A file system.</summary>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Device">The device, or the words of the kernel for it.</param>
/// <param name="Type">Its type, such as <c>ext4</c>.</param>
/// <param name="IsReadOnly">Whether it can only be read.</param>
/// <param name="Total">Its size; <see langword="null"/> for one of the network, whose server might not answer, and for one that may not be asked.</param>
/// <param name="Available">The part that the context's user may still fill; <see langword="null"/> as above.</param>
public sealed record MountFacts(string Path, string Device, string Type, bool IsReadOnly, long? Total, long? Available);

/// <summary>A network interface.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="HardwareAddress">Its hardware address, as <c>02:42:ac:11:00:02</c>; empty if it has none.</param>
/// <param name="Addresses">Its addresses with the lengths of their prefixes, as <c>10.0.0.5/24</c>.</param>
/// <param name="BytesReceived">The bytes that came in.</param>
/// <param name="BytesSent">The bytes that went out.</param>
public sealed record InterfaceFacts(string Name, bool IsUp, string HardwareAddress, IReadOnlyList<string> Addresses, long BytesReceived, long BytesSent);

/// <summary>A user.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The number.</param>
/// <param name="GroupId">The number of the user's own group.</param>
/// <param name="Comment">The full name, or whatever stands there; empty for a user that was found by name.</param>
/// <param name="Home">The home folder.</param>
/// <param name="Shell">The login shell.</param>
/// <param name="Groups">The numbers of all groups; empty in the list of all users.</param>
public sealed record UserFacts(string Name, uint Id, uint GroupId, string Comment, string Home, string Shell, IReadOnlyList<uint> Groups);

/// <summary>A group.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The number.</param>
/// <param name="Members">The names of those who have it beside their own group.</param>
public sealed record GroupFacts(string Name, uint Id, IReadOnlyList<string> Members);

/// <summary>Processes of a machine.</summary>
/// <param name="Processes">The processes, in the order of their numbers.</param>
/// <param name="Total">How many there are.</param>
public sealed record ProcessList(IReadOnlyList<ProcessFacts> Processes, int Total);

/// <summary>A process of a machine.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="Name">Its name, of up to 15 bytes.</param>
/// <param name="Arguments">Its command line, of which the first 4 KiB are read; empty for a thread of the kernel, and for one that may not be asked.</param>
/// <param name="State">Its state, as the kernel's letter: R runs, S sleeps, D waits for a device, T is stopped, Z has ended.</param>
/// <param name="UserId">The number of its user.</param>
/// <param name="UserName">The name of its user; the number if there is none.</param>
/// <param name="ProcessorTime">The time of processors that it has used.</param>
/// <param name="Memory">The memory that it holds, in bytes.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Nice">Its nice value.</param>
/// <param name="Started">When it was started.</param>
/// <param name="StartTicks">The same as the kernel counts it, which tells two processes of the same number apart.</param>
public sealed record ProcessFacts(
    int Id,
    int Parent,
    string Name,
    IReadOnlyList<string> Arguments,
    char State,
    uint UserId,
    string UserName,
    TimeSpan ProcessorTime,
    long Memory,
    int Threads,
    int Nice,
    DateTimeOffset Started,
    long StartTicks);
