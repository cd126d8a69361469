using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>A consumer that never reads costs its window and no more, at every hop, however much is offered.</summary>
public sealed class WindowTests
{
    private const int Offered = 400 * 1024 * 1024;
    private const int Hops = 3; // two contexts on the way

    private static readonly KernelOptions s_options = new();

    [Theory]
    [InlineData(0)]
    [InlineData(5 * 1024 * 1024)]
    public void A_consumer_that_stops_reading_an_argument_costs_its_window(int takes)
    {
        KernelTree tree = new();
        KernelPeer leaf = tree.AddLine(Hops);
        byte[] message = WishMessage.Make(Wish.Take, takes, Offered);
        long before = GC.GetAllocatedBytesForCurrentThread();

        OpenedStream stream = tree.Root.Open(leaf, message);
        tree.Settle(() => CheckBuffers(tree));

        ServedStream served = Assert.Single(leaf.Served);
        Assert.InRange(served.Received, takes, takes + (takes > 0 ? s_options.BulkWindow : s_options.InitialWindow));
        Assert.Equal(0, stream.Stream.Credit);
        CheckIdle(tree, before);

        // Everything else goes on.
        OpenedStream other = tree.Root.Open(leaf, WishMessage.Make(Wish.Answer, 1));
        tree.Settle();
        Assert.True(other.IsAnswered);
        Assert.False(stream.IsAnswered);
    }

    [Fact]
    public void A_caller_that_does_not_read_a_result_costs_its_window()
    {
        KernelTree tree = new();
        KernelPeer leaf = tree.AddLine(Hops);
        OpenedStream unread = tree.Root.Open(leaf, WishMessage.Make(Wish.Answer, Offered), takes: false);
        tree.Settle(() => CheckBuffers(tree));

        Assert.Equal(s_options.InitialWindow, unread.Received);
        CheckIdle(tree, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_link_that_does_not_move_keeps_at_each_hop_what_credit_allows()
    {
        KernelTree tree = new();
        KernelPeer leaf = tree.AddLine(Hops);
        KernelPeer last = tree.Peers[^2];
        byte[] message = WishMessage.Make(Wish.Take, long.MaxValue, Offered);
        OpenedStream[] streams = [.. Enumerable.Range(0, 40).Select(_ => tree.Root.Open(leaf, message))];
        for (int i = 0; i < 500; i++)
        {
            _ = tree.Turn();
            CheckBuffers(tree);
        }

        Assert.All(leaf.Served, s => Assert.InRange(s.Received, 8 * s_options.InitialWindow, Offered / 2));
        tree.Stall(last, leaf);
        tree.Settle(() => CheckBuffers(tree));

        // All that was granted waits before the link that stands still, and nothing before the others.
        long granted = (streams.Length * (long)s_options.InitialWindow) + s_options.MaxLinkCredit;
        long waits = Waiting(last);
        Assert.InRange(waits, s_options.MaxLinkCredit / 2, granted + Headers(granted, streams.Length));
        Assert.Equal(0, Waiting(tree.Peers[1]));
        Assert.All(streams, s => Assert.Equal(0, s.Stream.Credit));

        OpenedStream elsewhere = tree.Root.Open(last, WishMessage.Make(Wish.Answer, 1));
        tree.Settle();
        Assert.True(elsewhere.IsAnswered);
    }

    [Fact]
    public void Windows_grow_together_by_no_more_than_the_links_credit()
    {
        KernelOptions options = new() { InitialWindow = 1024, BulkWindow = 64 * 1024, MaxLinkCredit = 100_000 };
        KernelTree tree = new(options);
        KernelPeer leaf = tree.AddLine(2);
        byte[] message = WishMessage.Make(Wish.Take, long.MaxValue, 2 * 1024 * 1024);
        OpenedStream[] streams = [.. Enumerable.Range(0, 20).Select(_ => tree.Root.Open(leaf, message))];
        long most = 0;
        tree.Settle(() =>
        {
            most = Math.Max(most, tree[leaf, tree.Peers[1]].ExtraCredit);
            Assert.All(leaf.Kernel.Accepted, s => Assert.InRange(s.Window, 0, options.BulkWindow));
        });

        // They reached the bound, waited for each other, and all came through.
        Assert.Equal(options.MaxLinkCredit, most);
        Assert.All(streams, s => Assert.True(s.IsAnswered));
        Assert.Equal(0, tree[leaf, tree.Peers[1]].ExtraCredit);
    }

    [Fact]
    public void A_child_that_sends_more_than_any_window_allows_is_cut_off_by_its_parent_and_costs_the_bound()
    {
        KernelOptions options = new() { InitialWindow = 1024, MaxLinkCredit = 64 * 1024, MaxOpenStreams = 64 };
        KernelTree tree = new(options);
        KernelPeer parent = tree.AddLine(1);
        KernelPeer hostile = tree.Add(parent);
        KernelPeer good = tree.Add(parent);
        Link link = tree[parent, hostile];
        tree.Stall(parent, tree.Root);

        // As many streams as there are frames: each costs more than its bytes.
        byte[] frame = new byte[FrameHeader.Size];
        long before = GC.GetAllocatedBytesForCurrentThread();
        ProtocolBrokenException error = Assert.Throws<ProtocolBrokenException>(() =>
        {
            for (ulong i = 0; i < 1_000_000; i++)
            {
                new FrameHeader(0, FrameKind.Data, FrameFlags.None, tree.Root.Id, hostile.Id, i).Write(frame);
                parent.Kernel.Receive(link, frame);
            }
        });

        Assert.Contains("MaxOpenStreams", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 16 * options.MaxForwardedBytes);
        parent.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.ProtocolBroken, error.Message));
        tree.Stall(parent, tree.Root, stalled: false);
        OpenedStream other = tree.Root.Open(good, WishMessage.Make(Wish.Answer, 1));
        tree.Settle();
        Assert.True(other.IsAnswered);
        Assert.Equal(0, parent.Kernel.BytesOnTheirWay);
    }

    private static void CheckBuffers(KernelTree tree)
    {
        foreach (KernelPeer peer in tree.Peers)
        {
            foreach (Link link in peer.Kernel.Links)
            {
                Assert.InRange(link.Sender.ControlBytes, 0, s_options.MaxControlBytes);
                Assert.InRange(link.ExtraCredit, 0, s_options.MaxLinkCredit);
                Assert.InRange(link.BytesOnTheirWay, 0, s_options.MaxForwardedBytes);
            }
        }
    }

    /// <summary>Nothing is left on the way, and what it cost was the window and not what was offered.</summary>
    private static void CheckIdle(KernelTree tree, long allocatedBefore)
    {
        Assert.All(tree.Peers, p => Assert.Equal(0, Waiting(p)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 8 * s_options.BulkWindow);
    }

    private static long Waiting(KernelPeer peer) => peer.Kernel.BytesOnTheirWay;

    // A window is sent in pieces; the least that is granted is half of the first window.
    private static long Headers(long bytes, int streams) => (bytes / (s_options.InitialWindow / 2) * FrameHeader.Size) + (streams * 512);
}
