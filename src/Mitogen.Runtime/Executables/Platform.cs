using System.Runtime.InteropServices;

namespace Mitogen.Executables;

/// <summary>A platform that contexts run on. An executable is asked for by the runtime identifier of one of these and nothing else.</summary>
/// <param name="Architecture">The processor's architecture.</param>
/// <param name="Machines">The same in the words that kernels use.</param>
/// <param name="MemoryFileCall">The number of memfd_create, from the architecture's table of system calls.</param>
internal sealed record Platform(Architecture Architecture, string[] Machines, int MemoryFileCall)
{
    public static readonly Platform X64 = new(Architecture.X64, ["x86_64", "amd64"], MemoryFileCall: 319);

    public static readonly Platform Arm64 = new(Architecture.Arm64, ["aarch64", "arm64"], MemoryFileCall: 279);

    private static readonly Platform[] s_all = [X64, Arm64];

    /// <summary>The runtime identifier of this process.</summary>
    public static string OwnRid { get; } = RidOf(RuntimeInformation.ProcessArchitecture);

    /// <summary>The runtime identifier, such as <c>linux-x64</c>.</summary>
    public string Rid { get; } = RidOf(Architecture);

    public static bool IsKnown(string? rid) => s_all.Any(p => p.Rid == rid);

    /// <summary>The platform of a kernel of that name on that machine; <see langword="null"/> if contexts do not run there.</summary>
    public static Platform? Of(string system, string machine) => system == "Linux" ? s_all.FirstOrDefault(p => p.Machines.Contains(machine)) : null;

    private static string RidOf(Architecture architecture) => $"linux-{architecture.ToString().ToLowerInvariant()}";
}
