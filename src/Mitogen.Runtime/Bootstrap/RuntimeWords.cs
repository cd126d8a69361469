namespace Mitogen.Bootstrap;

/// <summary>What a .NET runtime says when it ends before a context has spoken.</summary>
internal static class RuntimeWords
{
    private const string NoCultureData = "Couldn't find a valid ICU package";

    /// <param name="lines">What was printed on standard error.</param>
    /// <returns>What is missing, if the runtime said so.</returns>
    public static LaunchProblem? Explain(IEnumerable<string> lines) => lines.Any(line => line.Contains(NoCultureData, StringComparison.Ordinal))
        ? new(
            BootstrapReason.NoRuntime,
            "The target has no ICU libraries, and the program's setting is to use them. Install them there (libicu), or set InvariantGlobalization " +
            "in the program's project if it needs no cultures: the setting goes with the program, and the target's own variable for it is not heeded.")
        : null;
}
