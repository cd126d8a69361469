using System.Globalization;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Hosting;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Samples;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A program of a user who may have so many processes and threads, and no more: one start fails, and everybody else lives.</summary>
public sealed class ThreadLimitTests : LeakCheckedTest
{
    // Nobody has it, so that nothing else counts.
    private const string User = "54323";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mitogen-threads-");

    /// <summary>From one that leaves no thread for the first context, by those with which the context itself finds none, to those that leave one alive.</summary>
    public static TheoryData<int> Limits => [.. Enumerable.Range(0, 10).Select(i => 14 + (2 * i)), 40];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_start_that_finds_no_thread_fails_and_nothing_else(int limit)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        File.SetUnixFileMode(_folder.FullName, Repository.ReadableByAll);
        string copy = Path.Combine(_folder.FullName, "bin");
        Repository.CopyReadable(Path.GetDirectoryName(ProgramTests.ProgramPath)!, copy);
        ChildProcessOptions options = new()
        {
            FileName = "setpriv",
            Arguments =
            [
                "setpriv", "--reuid", User, "--regid", User, "--clear-groups", "prlimit", "--nproc=" + limit.ToString(CultureInfo.InvariantCulture),
                Path.Combine(copy, Path.GetFileName(ProgramTests.ProgramPath)), "crowd",
            ],
            // The threads of its pool stay for an hour (3,600,000 ms, in hexadecimal digits): without one the framework would end the process.
            Environment = new Dictionary<string, string?> { ["HOME"] = "/nonexistent", ["DOTNET_ThreadPool_ThreadTimeoutMs"] = "36EE80" },
            WorkingDirectory = "/",
        };
        try
        {
            (string failure, string[] calls) = await Crowd.RunAsync(options);
            Assert.StartsWith("The context 'local-", failure, StringComparison.Ordinal);

            // The last that came up may have found its own next thread missing. All others live.
            Assert.All(calls.SkipLast(1), line => Assert.Equal("up", line));
        }
        finally
        {
            _folder.Delete(recursive: true);
        }
    }
}
