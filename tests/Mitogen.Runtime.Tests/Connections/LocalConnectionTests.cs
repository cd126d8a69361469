using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Contexts in subprocesses: started, called, nested. The services are in an assembly that is only referenced here.</summary>
public sealed class LocalConnectionTests : LeakCheckedTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_is_started_called_and_disposed(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child", Isolated = isolated }, Cancellation);
        Whereabouts where = await child.Get<IProbe>().WhereAsync();

        Assert.Equal("child", child.Name);
        Assert.Same(root.Node.Self, child.Parent);
        Assert.Equal(["root", "child"], where.Names);
        Assert.Equal(child.Id, where.Id);
        Assert.NotEqual(Environment.ProcessId, where.ProcessId);
        Assert.Equal(where.ProcessId, child.Info.ProcessId);
        Assert.Equal(Environment.MachineName, child.Info.HostName);
        Assert.Equal(Environment.UserName, child.Info.UserName);
        Assert.StartsWith(".NET", child.Info.Runtime, StringComparison.Ordinal);
        Assert.Equal($"mitogen:{Environment.UserName}@{Environment.MachineName}:{Environment.ProcessId}", where.Title);
        Assert.Null(child.DisconnectReason);

        await child.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{where.ProcessId}"));
        await Eventually.UntilAsync(() => child.Disconnected.IsCancellationRequested);
        Assert.Equal(DisconnectKind.Disposed, child.DisconnectReason?.Kind);
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => child.Get<IProbe>().WhereAsync());
        Assert.Equal("root/child", lost.ContextName);
        await Assert.ThrowsAsync<ContextLostException>(() => child.ConnectAsync(new LocalConnection(), Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contexts_nest_ten_deep(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext last = root;
        for (int i = 1; i <= 10; i++)
        {
            last = await last.ConnectAsync(new LocalConnection { Name = $"hop{i}", Isolated = isolated }, Cancellation);
        }

        Whereabouts where = await last.Get<IProbe>().WhereAsync();
        Assert.Equal(["root", .. Enumerable.Range(1, 10).Select(i => $"hop{i}")], where.Names);
        Assert.EndsWith($":{last.Parent!.Info.ProcessId}", where.Title, StringComparison.Ordinal);
        Assert.Equal(last.Parent.Info.ProcessId, ProcessTable.ParentOf(where.ProcessId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Twenty_siblings_start_in_parallel(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        LocalConnection connection = new() { Isolated = isolated, ConnectTimeout = TimeSpan.FromMinutes(2) };
        IRemoteContext[] siblings = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => root.ConnectAsync(connection, Cancellation)));
        Whereabouts[] where = await Task.WhenAll(siblings.Select(s => s.Get<IProbe>().WhereAsync()));

        Assert.Equal(20, where.Select(w => w.ProcessId).Distinct().Count());
        Assert.Equal(siblings.Select(s => s.Id), where.Select(w => w.Id));
        Assert.Equal(20, siblings.Select(s => s.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Remote_code_starts_a_context_from_its_own(bool outer, bool inner)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "outer", Isolated = outer }, Cancellation);
        Whereabouts where = await child.Get<IProbe>().FromAChildOfYoursAsync(inner);

        Assert.Equal(["root", "outer", "inner"], where.Names);
        Assert.False(Directory.Exists($"/proc/{where.ProcessId}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_through_a_chain_wait_until_it_is_up(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext last = root;
        for (int i = 1; i <= 3; i++)
        {
            last = last.Through(new LocalConnection { Name = $"hop{i}", Isolated = isolated });
        }

        Assert.Equal(0u, last.Id);
        Assert.Throws<InvalidOperationException>(() => last.Info);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => last.Get<IProbe>().EchoAsync($"{i}")));
        Assert.Equal(["0", "1", "2", "3", "4"], answers);
        Assert.Equal(last.Id, (await last.Get<IProbe>().WhereAsync()).Id);
    }

    [Fact]
    public async Task A_deadline_ends_a_call_that_waits_for_its_context()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext never = root.Through(new LocalConnection { DotNetPath = Scripts.Write("sleep 1000") });
        IProbe probe = never.Get<IProbe>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        await Assert.ThrowsAsync<TimeoutException>(() => probe.EchoAsync("x"));
    }

    [Fact]
    public async Task A_context_is_in_a_session_of_its_own()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.Equal(child.Info.ProcessId, ProcessTable.GroupOf(child.Info.ProcessId));
        Assert.Equal(child.Info.ProcessId, ProcessTable.SessionOf(child.Info.ProcessId));
    }

    [Fact]
    public async Task Several_roots_live_in_one_process()
    {
        await using var one = MitogenRoot.Create(new MitogenOptions { Name = "one" });
        await using var two = MitogenRoot.Create(new MitogenOptions { Name = "two" });
        IRemoteContext[] children = await Task.WhenAll(
            one.ConnectAsync(new LocalConnection { Name = "c" }, Cancellation),
            two.ConnectAsync(new LocalConnection { Name = "c" }, Cancellation));
        await one.DisposeAsync();
        Assert.Equal(["two", "c"], (await children[1].Get<IProbe>().WhereAsync()).Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    public async Task Names_are_checked(string name)
    {
        await using var root = MitogenRoot.Create();
        await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync(new LocalConnection { Name = name }, Cancellation));
    }

    [Fact]
    public async Task Times_are_checked_before_anything_is_started()
    {
        await using var root = MitogenRoot.Create();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => root.ConnectAsync(new LocalConnection { ConnectTimeout = TimeSpan.FromDays(99) }, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => root.Through(new LocalConnection { GracePeriod = TimeSpan.FromSeconds(-1) }));
    }
}
