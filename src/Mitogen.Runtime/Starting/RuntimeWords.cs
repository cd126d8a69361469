using Mitogen.Connections;
using Mitogen.Interop;

namespace Mitogen.Starting;

/// <summary>The words of a .NET runtime that ends before a context has spoken.</summary>
internal static class RuntimeWords
{
    private const string NoCultureData = "Couldn't find a valid ICU package";

    // A thread that cannot be made is told in each of these ways, depending on who wanted it.
    private static readonly string[] s_noRoom =
    [
        "HRESULT: 0x8007000E", "System.OutOfMemoryException", "Out of memory.", "Resource temporarily unavailable", "Cannot fork", "can't fork", "Failed to create the thread pool",
        "The type initializer for 'System.Runtime.InteropServices.PosixSignalRegistration' threw", OwnThread.NoMore,
    ];

    /// <param name="lines">The lines that were printed on standard error.</param>
    /// <returns>The problem, if the runtime told it.</returns>
    public static LaunchProblem? Explain(IReadOnlyCollection<string> lines) =>
        Says(lines, NoCultureData) ? new(
            BootstrapReason.NoRuntime,
            "The target has no ICU libraries, and the program's setting is to use them. Install them there (libicu), or set InvariantGlobalization " +
            "in the program's project if it needs no cultures: the setting goes with the program, and the target's own variable for it is not heeded.")
        : s_noRoom.Any(words => Says(lines, words)) ? new(
            BootstrapReason.ExitedEarly,
            "Its process got no more threads or memory on the target: see the limit of its user there (ulimit -u, ulimit -v), of its container or service " +
            "(pids, memory), and what else runs.")
        : null;

    private static bool Says(IEnumerable<string> lines, string words) => lines.Any(line => line.Contains(words, StringComparison.Ordinal));
}
