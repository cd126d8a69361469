using System.Globalization;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Hosting;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A program that may have so many descriptors, and no more: one start fails and says what to do, and everybody else lives.</summary>
public sealed class DescriptorLimitTests : LeakCheckedTest
{
    /// <summary>A context takes some: so the last one to be had is another one with each of these limits.</summary>
    public static TheoryData<int> Limits => [.. Enumerable.Range(110, 6)];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_start_that_finds_no_descriptor_fails_and_nothing_else(int limit)
    {
        string number = limit.ToString(CultureInfo.InvariantCulture);
        (string failure, string[] calls) = await Crowd.RunAsync(new ChildProcessOptions
        {
            FileName = "prlimit",
            Arguments = ["prlimit", "--nofile=" + number, ProgramTests.ProgramPath, "crowd"],
        });

        Assert.Contains($"This process may have {number} descriptors (ulimit -n)", failure, StringComparison.Ordinal);
        Assert.NotEmpty(calls);
        Assert.All(calls, line => Assert.Equal("up", line));
    }
}
