using System.Text.RegularExpressions;
using Mitogen.Runtime.Tests.Samples;

namespace Mitogen.Runtime.Tests;

/// <summary>No test measures time, and each waits by <see cref="Eventually"/>: a busy machine breaks what does otherwise.</summary>
public sealed partial class WaitingTests
{
    // Each with what it does: the helpers themselves; a time that is what the test is about; a service that takes its time.
    private static readonly HashSet<string> s_allowed =
    [
        "Eventually.cs", "LeakCheck.cs", "NativeProgram.cs", "WaitingTests.cs",
        "EndingTests.cs", "FleetTests.cs",
        "AssemblyImporterTests.cs", "ConcurrencyTests.cs", "Contracts.cs", "PoolingTests.cs", "ReleaseTests.cs", "ServiceTests.cs", "CallSlotTests.cs",
    ];

    [Fact]
    public void Every_test_waits_in_one_way()
    {
        string[] projects = ["Mitogen.Runtime.Tests", "Mitogen.Hosts.Tests", "Mitogen.Ssh.Tests", "Mitogen.NativeAot.Tests", "Mitogen.Hosting.Tests", "Mitogen.Toolkit.Tests"];
        string[] files =
        [
            .. projects.SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", project), "*.cs", SearchOption.AllDirectories))
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)),
        ];

        Assert.True(files.Length > 200);
        Assert.Empty(files.Where(file => !s_allowed.Contains(Path.GetFileName(file))).SelectMany(
            file => File.ReadLines(file).Where(line => OwnWay().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")));
    }

    [GeneratedRegex(@"Stopwatch|TickCount64|Thread\.Sleep\((?!Timeout\.Infinite)|Task\.Delay\((?!Timeout\.Infinite)|SpinWait|WaitOne\(TimeSpan|WaitAsync\((TimeSpan|s_|\w*Patience)")]
    private static partial Regex OwnWay();
}
