using System.Diagnostics;
using Mitogen.Executables;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Whole starts over lines that take the executable slowly, or not at all.</summary>
public sealed class SlowLineTests : LeakCheckedTest
{
    // A machine may be so busy that nothing goes on for so long: then the time is doubled.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    private static long ExecutableSize => StagedSet.Find(Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName))!.Pack(isCompressed: true).Bytes.Length;

    [Fact]
    public async Task A_context_comes_up_whose_executable_takes_longer_than_the_time_without_progress()
    {
        await using var root = MitogenRoot.Create();
        foreach (TimeSpan time in Eventually.LongerTimes(s_timeout))
        {
            SlowLine line = new(rate: (int)(ExecutableSize / (2 * time.TotalSeconds)));
            try
            {
                IRemoteContext context = await root.ConnectAsync(new StreamConnection(line) { ConnectTimeout = time, MinimumRate = 1_000 }, Cancellation);
                Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
                Assert.True(line.Waited > time, "The line was not slow.");
                break;
            }
            catch (BootstrapException failure) when (failure.Reason == BootstrapReason.TimedOut)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(failure.Message);
            }
        }
    }

    [Fact]
    public async Task A_context_that_ends_leaves_what_others_of_its_session_started()
    {
        await using var root = MitogenRoot.Create();
        using var older = Process.Start("sleep", "1000");
        IRemoteContext context = await root.ConnectAsync(new StreamConnection(new SlowLine(rate: int.MaxValue)), Cancellation);
        using var younger = Process.Start("sleep", "1000");
        int own = await context.Get<ITrouble>().StartSleepAsync();

        await context.DisposeAsync();

        await ProcessTable.GoneAsync([own]);
        Assert.False(older.HasExited);
        Assert.False(younger.HasExited);
        foreach (Process mine in (Process[])[older, younger])
        {
            mine.Kill();
            await mine.WaitForExitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_line_that_stalls_fails_the_start_with_what_it_took()
    {
        BootstrapException failure = await TimesOutAsync(
            time => new StreamConnection(new SlowLine(rate: 10_000_000, stallsAfter: 500_000)) { ConnectTimeout = time }, s_timeout, "Of the executable, ");

        Assert.Matches(@"^Of the executable, the line took \d+\.\d kB of \d+\.\d MB in .* per second\), and nothing in the \d.* s after that", failure.Detail);
        Assert.Contains("Connection.MinimumRate", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_makes_progress_for_too_long_fails() => await TimesOutAsync(
        time => new StreamConnection(new SlowLine(rate: (int)(ExecutableSize / (10 * time.TotalSeconds)))) { ConnectTimeout = time, StartTimeout = 1.5 * time },
        s_timeout,
        "Connection.StartTimeout");

    [Fact]
    public async Task Code_that_is_on_its_way_is_not_taken_for_an_initializer_that_hangs()
    {
        long executable = ExecutableSize;
        BootstrapException failure = await TimesOutAsync(
            time => new StreamConnection(new SlowLine(rate: 50_000_000, stallsAfter: executable + 20_000)) { ConnectTimeout = time },
            TimeSpan.FromSeconds(10),
            "Of the program's assemblies, ");

        Assert.StartsWith("Of the program's assemblies, the line took", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("initializer", failure.Detail, StringComparison.Ordinal);
    }

    /// <summary>A start that only its time-out ends, with a time in which it has come as far as it is to: to what its failure says.</summary>
    private static async Task<BootstrapException> TimesOutAsync(Func<TimeSpan, Connection> connection, TimeSpan first, string says)
    {
        await using var root = MitogenRoot.Create();
        BootstrapException failure = null!;
        foreach (TimeSpan time in Eventually.LongerTimes(first))
        {
            failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection(time), Cancellation));
            Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
            if (failure.Detail.Contains(says, StringComparison.Ordinal))
            {
                break;
            }
        }

        return failure;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_rate_is_at_least_a_byte(int rate)
    {
        await using var root = MitogenRoot.Create();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => root.ConnectAsync(new LocalConnection { MinimumRate = rate }, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => MitogenRoot.Create(new MitogenOptions { MaxConcurrentUploads = rate }));
    }
}
