using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>A bound that is reached fails one call, whose message names the option; everything else goes on.</summary>
public sealed class BoundTests : CallTest
{
    [Fact]
    public async Task More_calls_than_may_wait_fail()
    {
        const int Slots = 2;
        const int Waiting = 3;
        TaskCompletionSource<byte[]> release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot(new MitogenOptions { MaxOpenStreams = Slots, MaxWaitingCalls = Waiting });
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Async = (_, _, _) => new(release.Task) }));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext sibling = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IWork work = child.Get<IWork>();
        Task<byte[]>[] calls = [.. Enumerable.Range(0, Slots + Waiting).Select(i => work.RunAsync(i, []).AsTask())];

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.RunAsync(9, []));
        InvalidOperationException blocking = Assert.Throws<InvalidOperationException>(() => work.Increment(1));

        Assert.Contains("MaxWaitingCalls", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxWaitingCalls", blocking.Message, StringComparison.Ordinal);
        Assert.Equal(2, await sibling.Get<IWork>().IncrementAsync(1));
        Assert.DoesNotContain(calls, c => c.IsCompleted);
        release.SetResult([7]);
        Assert.All(await Task.WhenAll(calls).InTimeAsync(), a => Assert.Equal([7], a));
        Assert.Equal(2, await work.IncrementAsync(1));
    }

    [Fact]
    public async Task More_contexts_than_a_child_may_start_fail()
    {
        // Ids are leased in blocks of this size.
        const int Most = 64;
        InProcessRoot root = NewRoot(new MitogenOptions { MaxContextsPerChild = Most });
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        IRemoteContext last = child;
        for (int i = 0; i < Most; i++)
        {
            last = await child.ConnectAsync(new LocalConnection(), Cancellation);
        }

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => child.ConnectAsync(new LocalConnection(), Cancellation));

        Assert.Contains("MaxContextsPerChild", error.Message, StringComparison.Ordinal);
        Assert.Contains("root/child", error.Message, StringComparison.Ordinal);
        Assert.Equal("child", (await ChildNodes.OfAsync(last)).Parent!.Name);
        await using IRemoteContext sibling = await root.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.NotEqual(0u, (await sibling.ConnectAsync(new LocalConnection(), Cancellation)).Id);
    }

    [Fact]
    public async Task A_child_further_down_gets_a_quarter_of_the_ids_and_its_siblings_the_rest()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { MaxContextsPerChild = 32 * 1024 });
        IRemoteContext middle = await root.ConnectAsync(new LocalConnection { Name = "middle" }, Cancellation);
        IRemoteContext greedy = await middle.ConnectAsync(new LocalConnection { Name = "greedy" }, Cancellation);
        IRemoteContext sibling = await middle.ConnectAsync(new LocalConnection { Name = "sibling" }, Cancellation);
        ContextNode inMiddle = await ChildNodes.OfAsync(middle);
        Mitogen.Routing.Link link;
        using (HubLock locked = inMiddle.Hub.Enter())
        {
            link = locked.Kernel.RouteTo(greedy.Id)!;
        }

        // Many at once, of which none has been answered when the next one asks.
        Task<Mitogen.Routing.IdBlock>[] leases = [.. Enumerable.Range(0, 600).Select(_ => inMiddle.TakeBlockAsync(link))];
        await Task.WhenAll(leases).InTimeAsync().ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal(8 * 1024, link.Leased.Count);
        Assert.Equal(128, leases.Count(l => l.IsCompletedSuccessfully));
        Assert.All(leases.Where(l => l.IsFaulted), l => Assert.Contains("MaxContextsPerChild", l.Exception!.InnerException!.Message, StringComparison.Ordinal));
        Assert.Equal(leases.Count(l => l.IsCompletedSuccessfully), leases.Where(l => l.IsCompletedSuccessfully).Select(l => l.Result.First).Distinct().Count());
        Assert.NotEqual(0u, (await sibling.ConnectAsync(new LocalConnection(), Cancellation)).Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task With_the_smallest_windows_and_one_slot_everything_comes_through(int hops)
    {
        InProcessRoot root = NewRoot(new MitogenOptions { InitialWindow = 1024, BulkWindow = 1024, MaxLinkCredit = 0, MaxOpenStreams = 1 });
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work()));
        IRemoteContext context = root;
        for (int i = 0; i < hops; i++)
        {
            context = await context.ConnectAsync(new LocalConnection(), Cancellation);
        }

        byte[][] sent = [.. Enumerable.Range(0, 20).Select(i => Bytes(i * 5000, i))];
        byte[][] came = await Task.WhenAll(sent.Select(s => context.Get<IWork>().RunAsync(0, s).AsTask())).InTimeAsync();

        Assert.Equal(sent, came);
    }

    public static TheoryData<string, MitogenOptions> OutOfRange => new()
    {
        { nameof(MitogenOptions.InitialWindow), new MitogenOptions { InitialWindow = 1023 } },
        { nameof(MitogenOptions.InitialWindow), new MitogenOptions { InitialWindow = (1024 * 1024) + 1, BulkWindow = 2 * 1024 * 1024 } },
        { nameof(MitogenOptions.BulkWindow), new MitogenOptions { BulkWindow = (16 * 1024) - 1 } },
        { nameof(MitogenOptions.BulkWindow), new MitogenOptions { BulkWindow = (16 * 1024 * 1024) + 1 } },
        { nameof(MitogenOptions.MaxLinkCredit), new MitogenOptions { MaxLinkCredit = -1 } },
        { nameof(MitogenOptions.MaxLinkCredit), new MitogenOptions { MaxLinkCredit = (1024 * 1024 * 1024) + 1 } },
        { nameof(MitogenOptions.MaxOpenStreams), new MitogenOptions { MaxOpenStreams = 0 } },
        { nameof(MitogenOptions.MaxOpenStreams), new MitogenOptions { MaxOpenStreams = (1024 * 1024) + 1 } },
        { nameof(MitogenOptions.MaxWaitingCalls), new MitogenOptions { MaxWaitingCalls = -1 } },
        { nameof(MitogenOptions.MaxContextsPerChild), new MitogenOptions { MaxContextsPerChild = 0 } },
        { nameof(MitogenOptions.MaxMessageSize), new MitogenOptions { MaxMessageSize = 1023 } },
        { nameof(MitogenOptions.MaxExecutableSize), new MitogenOptions { MaxExecutableSize = 1023 } },
        { nameof(MitogenOptions.MaxExecutableSize), new MitogenOptions { MaxExecutableSize = (1024 * 1024 * 1024) + 1 } },
        { nameof(MitogenOptions.KeepAliveInterval), new MitogenOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(-1) } },
        { nameof(MitogenOptions.KeepAliveInterval), new MitogenOptions { KeepAliveInterval = TimeSpan.FromDays(20), KeepAliveTimeout = TimeSpan.FromDays(1) } },
        { nameof(MitogenOptions.KeepAliveTimeout), new MitogenOptions { KeepAliveTimeout = TimeSpan.FromSeconds(30) } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void An_option_out_of_its_range_is_refused_and_named(string name, MitogenOptions options)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => InProcessRoot.Create(options));

        Assert.Equal(name, error.ParamName);
    }
}
