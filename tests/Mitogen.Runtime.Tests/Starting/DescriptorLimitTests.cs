using System.Globalization;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Hosting;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Processes;

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
        var program = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "prlimit",
            Arguments = ["prlimit", "--nofile=" + number, ProgramTests.ProgramPath, "crowd"],
        });
        try
        {
            string output = await Task.Run(() => Children.ReadToEnd(program.Transport), Cancellation);
            ChildExit exit = await program.Exited.InTimeAsync();
            await program.StderrDrained.InTimeAsync();

            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(exit.Code == 0, string.Join('\n', program.LastStderrLines));
            Assert.Contains($"This process may have {number} descriptors (ulimit -n)", lines[0], StringComparison.Ordinal);
            Assert.NotEmpty(lines[1..^1]);
            Assert.All(lines[1..^1], line => Assert.Equal("up", line));
            Assert.Equal("ready", lines[^1]);
        }
        finally
        {
            await program.EndAsync(TimeSpan.Zero);
        }
    }
}
