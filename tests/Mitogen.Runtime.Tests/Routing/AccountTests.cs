using Mitogen.Multiplexing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

public sealed class AccountTests
{
    private static readonly KernelOptions s_options = new() { MaxParkedCalls = 1600, MaxOpenStreams = 2, MaxLinkStreams = 100 };

    [Fact]
    public void A_charge_counts_for_all_above_and_fails_without_a_trace_at_any_bound()
    {
        Account link = new(2, null, s_options);
        Account branch = new(3, link, s_options);
        Account other = new(4, link, s_options);
        Assert.Equal(1600, link.BoundOf(Resource.Parked));
        Assert.Equal(400, branch.BoundOf(Resource.Parked));

        Assert.True(branch.TryTake(Resource.Parked, 400));
        Assert.False(branch.TryTake(Resource.Parked, 1));
        Assert.True(link.TryTake(Resource.Parked, 1100));
        Assert.False(other.TryTake(Resource.Parked, 101));
        Assert.Equal(0, other.Held(Resource.Parked));
        Assert.Equal(1500, link.Held(Resource.Parked));
        Assert.True(other.TryTake(Resource.Parked, 100));

        branch.Give(Resource.Parked, 400);
        Assert.Equal(1200, link.Held(Resource.Parked));
        Assert.Equal(0, link.Held(Resource.Memory));
    }

    [Fact]
    public void A_branch_has_a_quarter_for_each_level_and_the_least_at_any_depth()
    {
        Account account = new(2, null, s_options);
        long[] expected = [1600, 400, 100, 100, 100];
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(expected[Math.Min(i, 4)], account.BoundOf(Resource.Parked));
            account = new Account((uint)(3 + i), account, s_options);
        }
    }

    [Fact]
    public void A_branch_leaves_memory_to_the_others_and_has_room_for_the_largest_message()
    {
        KernelOptions defaults = new();
        Account account = new(2, null, defaults);
        for (int depth = 0; depth < 60; depth++)
        {
            Account branch = new((uint)(3 + depth), account, defaults);
            long bound = branch.BoundOf(Resource.Memory);
            Assert.InRange(bound, defaults.MaxLinkMemory / 16, Math.Max(account.BoundOf(Resource.Memory) / 4 * 3, defaults.MaxLinkMemory / 16));
            Assert.True(depth >= 2 || bound > defaults.MaxMessageSize + (16 * 64 * 1024), $"{bound} bytes at depth {depth}");
            account = branch;
        }
    }

    [Fact]
    public void Streams_are_charged_to_their_opener_and_given_back_however_they_end()
    {
        KernelTree tree = new();
        KernelPeer middle = tree.AddLine(1);
        KernelPeer leaf = tree.Add(middle);
        OpenedStream answered = leaf.Open(tree.Root, WishMessage.Make(Wish.Answer, 1));
        OpenedStream reset = leaf.Open(tree.Root, WishMessage.Make(Wish.Take, 0, 100_000));
        OpenedStream lost = leaf.Open(tree.Root, WishMessage.Make(Wish.Take, 0, 100_000));
        tree.Settle();
        Account account = tree.Root.Kernel.AccountOf(leaf.Id)!;
        Account link = tree.Root.Kernel.AccountOf(middle.Id)!;

        Assert.True(answered.IsAnswered);
        Assert.Equal((2, 2), (account.Held(Resource.Streams), link.Held(Resource.Streams)));
        reset.Stream.Reset(ResetCode.Cancelled, "", default);
        tree.Settle();
        Assert.Equal((1, 1), (account.Held(Resource.Streams), link.Held(Resource.Streams)));
        middle.Kernel.LinkLost(tree[middle, leaf], new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));
        tree.Settle();
        Assert.Equal((0, 0), (account.Held(Resource.Streams), link.Held(Resource.Streams)));
        Assert.Null(tree.Root.Kernel.AccountOf(leaf.Id));
        _ = lost;
    }

    [Fact]
    public void Streams_beyond_the_links_bound_are_refused_and_keep_their_place_in_the_order()
    {
        KernelTree tree = new(new KernelOptions { MaxOpenStreams = 64, MaxLinkStreams = 40 });
        KernelPeer one = tree.AddLine(1);
        KernelPeer other = tree.AddLine(1);
        byte[] message = WishMessage.Make(Wish.Take, 0, 100_000);
        OpenedStream[] streams = [.. Enumerable.Range(0, 50).Select(_ => one.Open(tree.Root, message))];
        OpenedStream beside = other.Open(tree.Root, message);
        tree.Settle();

        Assert.Equal(10, streams.Count(s => s.Reset == ResetCode.Busy));
        Assert.All(streams.Where(s => s.Reset is not null), s => Assert.Contains("MaxLinkStreams", s.ResetMessage, StringComparison.Ordinal));
        Assert.Equal(10, tree.Root.Skipped);
        Assert.Equal(41, tree.Root.Served.Count);
        Assert.Null(beside.Reset);

        streams.First(s => s.Reset is null).Stream.Reset(ResetCode.Cancelled, "", default);
        tree.Settle();
        OpenedStream next = one.Open(tree.Root, message);
        tree.Settle();
        Assert.Null(next.Reset);
    }

    [Fact]
    public void One_context_that_opens_more_than_its_slots_is_refused()
    {
        KernelOptions options = new() { MaxOpenStreams = 2, MaxLinkStreams = 10_000 };
        KernelTree tree = new(options);
        KernelPeer hostile = tree.AddLine(1);
        byte[] frame = WishMessage.Make(Wish.Take, 0);
        for (ulong i = 1; i <= 200; i++)
        {
            tree.Inject(hostile, tree.Root, new(frame.Length, Framing.FrameKind.Open, Framing.FrameFlags.None, 1, hostile.Id, i), frame);
        }

        Assert.Equal(options.MaxSourceStreams, tree.Root.Served.Count);
        Assert.False(tree[tree.Root, hostile].IsClosed);
    }
}
