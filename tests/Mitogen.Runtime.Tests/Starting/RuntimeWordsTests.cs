using Mitogen.Connections;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

public sealed class RuntimeWordsTests
{
    [Fact]
    public void What_a_runtime_misses_has_a_remedy()
    {
        // As .NET 10 says it.
        LaunchProblem? problem = RuntimeWords.Explain(
        [
            "Process terminated. Couldn't find a valid ICU package installed on the system. Please install libicu (or icu-libs) using your package " +
                "manager and try again. Alternatively you can set the configuration flag System.Globalization.Invariant to true.",
            "   at System.Environment.FailFast(System.String)",
        ]);

        Assert.Equal(BootstrapReason.NoRuntime, problem?.Reason);
        Assert.Contains("InvariantGlobalization", problem!.Message, StringComparison.Ordinal);
        Assert.Null(RuntimeWords.Explain(["Killed"]));
    }

    [Theory]
    [InlineData("Failed to create CoreCLR, HRESULT: 0x8007000E")]
    [InlineData("Out of memory.")]
    [InlineData("/bin/sh: 1: Cannot fork")]
    [InlineData("sh: can't fork: Resource temporarily unavailable")]
    [InlineData("Unhandled exception. System.OutOfMemoryException: Exception of type 'System.OutOfMemoryException' was thrown.")]
    [InlineData("Failed to create the thread pool Gate thread.")]
    public void What_ends_for_want_of_threads_or_memory_is_told_as_that(string line)
    {
        LaunchProblem? problem = RuntimeWords.Explain(["Process terminated.", line]);

        Assert.Equal(BootstrapReason.ExitedEarly, problem?.Reason);
        Assert.Contains("ulimit -u", problem!.Message, StringComparison.Ordinal);
    }
}
