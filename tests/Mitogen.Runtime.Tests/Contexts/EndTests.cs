using System.Diagnostics;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Logging;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Contexts;

/// <summary>Every way in which a context in a process ends: what is pending hears why, and nothing is left.</summary>
public sealed class EndTests : LeakCheckedTest
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_ends_a_context_that_hangs_with_its_own_subprocesses(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await StartAsync(root, isolated: isolated);
        int sleep = await child.Get<ITrouble>().StartSleepAsync();
        Task spinning = child.Get<ITrouble>().SpinAsync();
        Task blocked = Task.Run(() => child.Get<ITrouble>().Block(), Cancellation);
        Task waiting = child.Get<ITrouble>().WaitAsync(Cancellation);
        Assert.Equal("well", await child.Get<IProbe>().EchoAsync("well"));

        await child.DisposeAsync().AsTask().InTimeAsync();

        await ProcessTable.GoneAsync([child.Info.ProcessId, sleep]);
        foreach (Task call in (Task[])[spinning, blocked, waiting])
        {
            Assert.Equal(DisconnectKind.Disposed, (await Assert.ThrowsAsync<ContextLostException>(() => call)).Reason.Kind);
        }
    }

    [Fact]
    public async Task Dispose_does_not_wait_for_the_grace_when_nothing_runs()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { GracePeriod = 10 * Eventually.Patience }, Cancellation);
        Assert.Equal("well", await child.Get<IProbe>().EchoAsync("well"));
        await child.DisposeAsync().AsTask().InTimeAsync();
    }

    [Fact]
    public async Task A_service_that_hangs_in_its_disposal_gets_the_grace_and_no_more()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await StartAsync(root);
        await child.Get<ITrouble>().HangInDisposeAsync();
        await child.DisposeAsync().AsTask().InTimeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_context_ends_its_calls_and_all_below_it_and_no_sibling(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await StartAsync(root, "child", isolated);
        IRemoteContext sibling = await StartAsync(root, "sibling", isolated);
        IRemoteContext below = await StartAsync(child, "below", isolated);
        IRemoteContext lowest = await StartAsync(below, "lowest", isolated);
        int sleep = await child.Get<ITrouble>().StartSleepAsync();
        int lowestSleep = await lowest.Get<ITrouble>().StartSleepAsync();
        await child.Get<ITalker>().PrintErrorAsync("my last words");
        Task call = child.Get<ITrouble>().WaitAsync(Cancellation);
        Task callBelow = lowest.Get<ITrouble>().WaitAsync(Cancellation);

        Kill(child.Info.ProcessId);

        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => call);
        Assert.Equal((DisconnectKind.Exited, 137), (lost.Reason.Kind, lost.Reason.ExitCode));
        Assert.Contains("SIGKILL", lost.Message, StringComparison.Ordinal);
        Assert.Equal(["my last words"], lost.Reason.LastLines);
        Assert.Equal("root/child", lost.ContextName);
        ContextLostException lostBelow = await Assert.ThrowsAsync<ContextLostException>(() => callBelow);
        Assert.Equal(["my last words"], lostBelow.Reason.LastLines);
        foreach ((IRemoteContext context, DisconnectKind kind) in (IEnumerable<(IRemoteContext, DisconnectKind)>)
            [(child, DisconnectKind.Exited), (below, DisconnectKind.AncestorLost), (lowest, DisconnectKind.AncestorLost)])
        {
            await Eventually.UntilAsync(() => context.Disconnected.IsCancellationRequested);
            Assert.Equal(kind, context.DisconnectReason?.Kind);
            await Assert.ThrowsAsync<ContextLostException>(() => context.Get<IProbe>().EchoAsync("x"));
            await context.DisposeAsync();
        }

        Assert.Equal("well", await sibling.Get<IProbe>().EchoAsync("well"));
        Assert.Null(sibling.DisconnectReason);
        await ProcessTable.GoneAsync([sleep, below.Info.ProcessId, lowest.Info.ProcessId, lowestSleep]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_shows_what_it_printed(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext one = await StartAsync(root, isolated: isolated);
        ContextLostException failFast = await Assert.ThrowsAsync<ContextLostException>(
            () => one.Get<ITrouble>().FailFastAsync("the disk is on fire"));
        Assert.Equal(DisconnectKind.Exited, failFast.Reason.Kind);
        Assert.Contains("the disk is on fire", failFast.Reason.ToString(), StringComparison.Ordinal);

        IRemoteContext two = await StartAsync(root, isolated: isolated);
        ContextLostException unhandled = await Assert.ThrowsAsync<ContextLostException>(
            () => two.Get<ITrouble>().ThrowOnThreadAsync("nobody catches me"));
        Assert.Equal(DisconnectKind.Exited, unhandled.Reason.Kind);
        Assert.Contains("nobody catches me", unhandled.Reason.ToString(), StringComparison.Ordinal);

        IRemoteContext three = await StartAsync(root, isolated: isolated);
        ContextLostException exited = await Assert.ThrowsAsync<ContextLostException>(() => three.Get<ITrouble>().ExitAsync(7, "enough"));
        Assert.Equal((DisconnectKind.Exited, 7), (exited.Reason.Kind, exited.Reason.ExitCode));
        Assert.Equal(["enough"], exited.Reason.LastLines);
    }

    [Fact]
    public async Task A_reason_from_further_down_is_the_same_at_the_root()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await StartAsync(root, "child");
        IRemoteContext below = await StartAsync(child, "below");
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => below.Get<ITrouble>().ExitAsync(7, "enough"));
        Assert.Equal((DisconnectKind.Exited, 7), (lost.Reason.Kind, lost.Reason.ExitCode));
        Assert.Equal(["enough"], lost.Reason.LastLines);
        Assert.Equal("root/child/below", lost.ContextName);
        Assert.Equal(lost.Reason.Message, below.DisconnectReason?.Message);
        Assert.Null(child.DisconnectReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_root_ends_a_grandchild_and_what_is_below_it(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await StartAsync(root, "child", isolated);
        IRemoteContext below = await StartAsync(child, "below", isolated);
        IRemoteContext lowest = await StartAsync(below, "lowest", isolated);
        Task call = lowest.Get<ITrouble>().WaitAsync(Cancellation);

        await below.ShutdownAsync(Cancellation);

        Assert.False(ProcessTable.IsAlive(below.Info.ProcessId));
        Assert.False(ProcessTable.IsAlive(lowest.Info.ProcessId));
        await Assert.ThrowsAsync<ContextLostException>(() => call);
        Assert.Equal(DisconnectKind.Disposed, below.DisconnectReason?.Kind);
        Assert.NotNull(lowest.DisconnectReason);
        Assert.Equal("well", await child.Get<IProbe>().EchoAsync("well"));
        await below.ShutdownAsync(Cancellation);
        await lowest.DisposeAsync();
    }

    [Fact]
    public async Task Contexts_of_a_chain_can_be_disposed_in_any_order_and_at_once()
    {
        await using var root = MitogenRoot.Create();
        List<IRemoteContext> chain = [root];
        for (int i = 0; i < 4; i++)
        {
            chain.Add(await StartAsync(chain[^1]));
        }

        await Task.WhenAll(chain.Skip(1).Reverse().Concat(chain.Skip(1)).Select(c => c.DisposeAsync().AsTask()));

        Assert.All(chain.Skip(1), c => Assert.False(ProcessTable.IsAlive(c.Info.ProcessId)));
        Assert.Equal("well", await root.Get<IProbe>().EchoAsync("well"));
    }

    [Fact]
    public async Task Disposing_the_root_ends_what_is_pending_everywhere()
    {
        var root = MitogenRoot.Create();
        IRemoteContext child = await StartAsync(root);
        IRemoteContext below = await StartAsync(child);
        Task[] calls =
        [
            root.Get<ITrouble>().WaitAsync(Cancellation),
            child.Get<ITrouble>().SpinAsync(),
            below.Get<ITrouble>().WaitAsync(Cancellation),
        ];

        await root.DisposeAsync();

        foreach (Task call in calls)
        {
            await Assert.ThrowsAsync<ContextLostException>(() => call);
        }

        await Eventually.UntilAsync(() => root.Disconnected.IsCancellationRequested);
        Assert.Equal(DisconnectKind.Disposed, root.DisconnectReason?.Kind);
        await root.DisposeAsync();
    }

    [Fact]
    public async Task A_context_ends_itself()
    {
        var logs = new RecordedLogs();
        await using var root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = logs });
        IRemoteContext child = await StartAsync(root, "child");
        await child.Get<ITalker>().PrintAsync("before the end");
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => child.Get<ITrouble>().DisposeYourselfAsync());
        Assert.Equal((DisconnectKind.Exited, 0), (lost.Reason.Kind, lost.Reason.ExitCode));
        await root.DisposeAsync();
        Assert.Equal(["before the end"], logs.Messages("stdout", "root/child"));
    }

    private static Task<IRemoteContext> StartAsync(IRemoteContext parent, string? name = null, bool isolated = false) =>
        parent.ConnectAsync(new LocalConnection { Name = name, Isolated = isolated, GracePeriod = s_grace }, Cancellation);

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }
}
