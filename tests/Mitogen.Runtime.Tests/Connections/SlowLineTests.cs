using System.Diagnostics;
using Mitogen.Executables;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Whole starts over lines that take the executable slowly, or not at all.</summary>
public sealed class SlowLineTests : LeakCheckedTest
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_context_comes_up_whose_executable_takes_longer_than_the_time_without_progress()
    {
        await using var root = MitogenRoot.Create();
        long begun = Environment.TickCount64;
        IRemoteContext context = await root.ConnectAsync(
            new StreamConnection(new SlowLine(rate: 400_000)) { ConnectTimeout = s_timeout, MinimumRate = 20_000 }, Cancellation);
        Assert.Equal("well", await context.Get<IProbe>().EchoAsync("well"));
        Assert.True(Environment.TickCount64 - begun > s_timeout.TotalMilliseconds, "The line was not slow.");
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

        Assert.Empty(await ProcessTable.LeftAfterAsync([own], Eventually.Patience));
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
        await using var root = MitogenRoot.Create();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
            new StreamConnection(new SlowLine(rate: 10_000_000, stallsAfter: 500_000)) { ConnectTimeout = s_timeout }, Cancellation));

        Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
        Assert.Matches(@"^Of the executable, the line took \d+\.\d kB of \d+\.\d MB in .* per second\), and nothing in the 3.* s after that", failure.Detail);
        Assert.Contains("Connection.MinimumRate", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_makes_progress_for_too_long_fails()
    {
        await using var root = MitogenRoot.Create();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
            new StreamConnection(new SlowLine(rate: 60_000)) { ConnectTimeout = s_timeout, StartTimeout = TimeSpan.FromSeconds(5) }, Cancellation));

        Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
        Assert.Contains("Connection.StartTimeout", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_is_on_its_way_is_not_taken_for_an_initializer_that_hangs()
    {
        await using var root = MitogenRoot.Create();
        long executable = StagedSet.Find(Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName))!.Pack(isCompressed: true).Bytes.Length;
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(
            new StreamConnection(new SlowLine(rate: 50_000_000, stallsAfter: executable + 20_000)) { ConnectTimeout = TimeSpan.FromSeconds(10) }, Cancellation));

        Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
        Assert.StartsWith("Of the program's assemblies, the line took", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("initializer", failure.Detail, StringComparison.Ordinal);
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
