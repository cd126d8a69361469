using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>Traffic is vertical: what goes sideways, or to nobody, ends at the first context that it comes to.</summary>
public sealed class TrafficRulesTests
{
    [Theory]
    [InlineData("Child", true, "Self", "Take")]
    [InlineData("Child", true, "Above", "Pass")]
    [InlineData("Child", true, "Below", "Drop")]
    [InlineData("Child", true, "Unknown", "Drop")]
    [InlineData("Child", false, "Self", "Drop")]
    [InlineData("Child", false, "Above", "Drop")]
    [InlineData("Parent", true, "Self", "Take")]
    [InlineData("Parent", true, "Below", "Pass")]
    [InlineData("Parent", true, "Above", "Refuse")]
    [InlineData("Parent", true, "Unknown", "Refuse")]
    [InlineData("Parent", false, "Self", "Drop")]
    [InlineData("Parent", false, "Below", "Drop")]
    [InlineData("Loopback", true, "Self", "Take")]
    [InlineData("Loopback", true, "Below", "Drop")]
    public void The_table_of_the_protocol(string by, bool isFromThere, string destination, string passage)
    {
        Passage open = TrafficRules.Decide(Enum.Parse<LinkRole>(by), isFromThere, Enum.Parse<Place>(destination), FrameKind.Open);
        Passage credit = TrafficRules.Decide(Enum.Parse<LinkRole>(by), isFromThere, Enum.Parse<Place>(destination), FrameKind.Credit);

        Assert.Equal(Enum.Parse<Passage>(passage), open);
        Assert.Equal(passage == "Refuse" ? Passage.Ignore : open, credit);
    }

    [Theory]
    [InlineData((byte)FrameKind.Open)]
    [InlineData((byte)FrameKind.Data)]
    [InlineData((byte)FrameKind.Reset)]
    [InlineData((byte)FrameKind.Credit)]
    public void A_frame_to_a_sibling_its_child_or_nobody_ends_at_the_parent(byte kind)
    {
        KernelTree tree = new();
        KernelPeer parent = tree.AddLine(1);
        KernelPeer hostile = tree.Add(parent);
        KernelPeer sibling = tree.Add(parent);
        KernelPeer below = tree.Add(sibling);

        foreach (uint destination in new[] { sibling.Id, below.Id, hostile.Id, 4711u })
        {
            tree.Inject(hostile, parent, Frame((FrameKind)kind, hostile.Id, destination), 1, 0, 0, 0);
        }

        Assert.Equal(4, parent.Dropped);
        Assert.False(tree[parent, hostile].Sender.HasWork, "the sender got an answer");
        Assert.False(tree[parent, sibling].Sender.HasWork, "the sibling got a frame");
        Assert.False(tree[parent, tree.Root].Sender.HasWork, "the root got a frame");
    }

    [Fact]
    public void A_context_has_no_way_to_one_beside_it()
    {
        KernelTree tree = new();
        KernelPeer one = tree.AddLine(1);
        KernelPeer other = tree.AddLine(1);

        Assert.Null(one.Kernel.Open(other.Id, new OpenedStream(takes: true), StreamClass.Call));
        Assert.Null(one.Kernel.RouteTo(other.Id));
    }

    [Fact]
    public void An_open_from_above_to_one_that_has_ended_is_answered_and_one_from_below_is_not()
    {
        KernelTree tree = new();
        KernelPeer parent = tree.AddLine(1);
        KernelPeer child = tree.Add(parent);
        tree[tree.Root, parent].Leased.Add(new IdBlock(4711, 1));
        tree.Inject(tree.Root, parent, Frame(FrameKind.Open, tree.Root.Id, 4711), 1, 0, 0, 0);

        Assert.True(tree[parent, tree.Root].Sender.HasWork);
        tree.Settle();
        Assert.Equal(0, tree.Root.Dropped); // it knows a refusal in the name of one that was there

        tree.Inject(child, parent, Frame(FrameKind.Open, child.Id, 4711), 1, 0, 0, 0);
        Assert.False(tree[parent, child].Sender.HasWork);
    }

    [Fact]
    public void A_child_whose_frames_are_dropped_too_often_loses_its_link_and_the_sibling_nothing()
    {
        KernelTree tree = new(new KernelOptions { MaxDroppedFrames = 50 });
        KernelPeer hostile = tree.AddLine(1);
        KernelPeer sibling = tree.AddLine(1);
        OpenedStream pending = tree.Root.Open(sibling, WishMessage.Make(Wish.Take, 0, 100_000));

        for (int i = 0; i < 51; i++)
        {
            Assert.False(tree[tree.Root, hostile].IsClosed);
            tree.Inject(hostile, tree.Root, Frame(FrameKind.Data, hostile.Id, sibling.Id), 0, 0, 0, 0);
        }

        Assert.True(tree[tree.Root, hostile].IsClosed);
        Assert.Contains("MaxDroppedFrames", tree.Root.Gone[hostile.Id].Message, StringComparison.Ordinal);
        Assert.Equal([sibling.Id], tree.Root.Kernel.Routes);
        Assert.Null(pending.Lost);
    }

    [Fact]
    public void Frames_of_a_stream_that_was_not_opened_yet_come_to_nothing()
    {
        KernelTree tree = new(new KernelOptions { MaxOpenStreams = 1 });
        KernelPeer hostile = tree.AddLine(1);
        _ = tree.Root.Open(hostile, WishMessage.Make(Wish.Take, 0, 100_000));
        OpenedStream waiting = tree.Root.Open(hostile, WishMessage.Make(Wish.Answer, 1));
        tree.Settle();

        for (int i = 0; i < 100; i++)
        {
            tree.Inject(hostile, tree.Root, new FrameHeader(4, FrameKind.Credit, FrameFlags.FromAcceptor, 1, hostile.Id, waiting.Stream.Id), 1, 0, 0, 0);
        }

        tree.Inject(hostile, tree.Root, new FrameHeader(1, FrameKind.Data, FrameFlags.FromAcceptor | FrameFlags.End, 1, hostile.Id, waiting.Stream.Id), 1);
        Assert.Equal(101, tree.Root.Dropped);
        Assert.Equal(0, waiting.Received);
        Assert.Equal(new KernelOptions().InitialWindow, waiting.Stream.Credit);
        Assert.Equal(1, tree.Root.Kernel.WaitFor(hostile.Id, StreamClass.Call, 0)?.Waiting);
    }

    private static FrameHeader Frame(FrameKind kind, uint source, uint destination) =>
        new(4, kind, FrameFlags.None, destination, source, 7);
}
