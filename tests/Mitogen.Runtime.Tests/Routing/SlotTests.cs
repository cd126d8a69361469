using Mitogen.Multiplexing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>Slots for calls: of each context for each other one, by class, with one more for each call that comes the other way.</summary>
public sealed class SlotTests
{
    private static readonly KernelOptions s_options = new() { MaxOpenStreams = 2, MaxWaitingStreams = 3 };

    private static readonly byte[] s_stuck = WishMessage.Make(Wish.Take, 0, 100_000);

    [Fact]
    public void Calls_that_are_not_answered_keep_back_no_calls_to_others_on_the_way()
    {
        KernelTree tree = new(s_options);
        KernelPeer middle = tree.AddLine(1);
        KernelPeer leaf = tree.Add(middle);
        OpenedStream[] stuck = [.. Enumerable.Range(0, 5).Select(_ => tree.Root.Open(leaf, s_stuck))];
        OpenedStream other = tree.Root.Open(middle, WishMessage.Make(Wish.Answer, 1));
        tree.Settle();

        Assert.True(other.IsAnswered);
        Assert.Equal(2, leaf.Served.Count);
        Assert.Equal(3, tree.Root.Kernel.WaitFor(leaf.Id, StreamClass.Call, 0)?.Waiting);
        Assert.True(tree.Root.Kernel.IsFull(leaf.Id, StreamClass.Call));
        Assert.False(tree.Root.Kernel.IsFull(middle.Id, StreamClass.Call));
        stuck[0].Stream.Reset(ResetCode.Cancelled, "", default);
        tree.Settle();
        Assert.Equal(3, leaf.Served.Count);
    }

    [Fact]
    public void Calls_with_parts_and_the_runtimes_own_wait_behind_no_other_calls()
    {
        KernelTree tree = new(s_options);
        KernelPeer child = tree.AddLine(1);
        for (int i = 0; i < 4; i++)
        {
            _ = tree.Root.Open(child, s_stuck);
        }

        OpenedStream parts = tree.Root.Open(child, WishMessage.Make(Wish.Answer, 1), kind: StreamClass.Parts);
        OpenedStream own = tree.Root.Open(child, WishMessage.Make(Wish.Answer, 1), kind: StreamClass.Own);
        tree.Settle();

        Assert.True(parts.IsAnswered);
        Assert.True(own.IsAnswered);
        Assert.Null(tree.Root.Kernel.WaitFor(child.Id, StreamClass.Parts, 0));
    }

    [Fact]
    public void Each_call_that_comes_gives_room_for_one_back()
    {
        KernelTree tree = new(s_options);
        KernelPeer child = tree.AddLine(1);
        OpenedStream[] down = [.. Enumerable.Range(0, 3).Select(_ => tree.Root.Open(child, s_stuck))];
        tree.Settle();
        Assert.Equal(2, child.Served.Count);

        // The two that came let the child make four of its own; these let in the one that waits, and so on.
        OpenedStream[] up = [.. Enumerable.Range(0, 4).Select(_ => child.Open(tree.Root, s_stuck))];
        tree.Settle();

        Assert.Equal(4, tree.Root.Served.Count);
        Assert.Equal(3, child.Served.Count);
        Assert.Null(tree.Root.Kernel.WaitFor(child.Id, StreamClass.Call, 0));
        _ = (down, up);
    }

    [Fact]
    public void A_call_that_is_given_up_while_it_waits_leaves_its_place()
    {
        KernelTree tree = new(s_options);
        KernelPeer child = tree.AddLine(1);
        OpenedStream[] calls = [.. Enumerable.Range(0, 5).Select(_ => tree.Root.Open(child, s_stuck))];
        for (int i = 0; i < 100; i++)
        {
            Assert.True(tree.Root.Kernel.IsFull(child.Id, StreamClass.Call));
            calls[4].Stream.Reset(ResetCode.Cancelled, "", new byte[56]);
            Assert.False(tree.Root.Kernel.IsFull(child.Id, StreamClass.Call));
            calls[4] = tree.Root.Open(child, s_stuck);
        }

        tree.Settle();
        Assert.Equal(100, child.Skipped);
        Assert.Equal(2, child.Served.Count);
        Assert.Equal(5, tree.Root.Kernel.StreamCount);
    }

    [Fact]
    public void Who_waits_is_told_with_the_call_that_has_been_there_the_longest()
    {
        KernelTree tree = new(s_options);
        KernelPeer child = tree.AddLine(1);
        OpenedStream[] calls = [.. Enumerable.Range(0, 4).Select(_ => tree.Root.Open(child, s_stuck))];

        Assert.Equal(new SlotWait(child.Id, 2, 2, 0, calls[0].Stream), tree.Root.Kernel.WaitFor(child.Id, StreamClass.Call, 1000));
        Assert.Equal(new SlotWait(child.Id, 2, 2, 4000, calls[0].Stream), tree.Root.Kernel.WaitFor(child.Id, StreamClass.Call, 5000));
        tree.Settle();
        calls[0].Stream.Reset(ResetCode.Cancelled, "", default);
        tree.Settle();
        Assert.Equal(new SlotWait(child.Id, 1, 2, 0, calls[1].Stream), tree.Root.Kernel.WaitFor(child.Id, StreamClass.Call, 9000));
        Assert.Null(tree.Root.Kernel.WaitFor(child.Id, StreamClass.Parts, 9000));
    }

    [Fact]
    public void All_of_them_end_with_the_context()
    {
        KernelTree tree = new(s_options);
        KernelPeer child = tree.AddLine(1);
        OpenedStream[] calls = [.. Enumerable.Range(0, 5).Select(_ => tree.Root.Open(child, s_stuck))];
        tree.Settle();

        tree.Root.Kernel.LinkLost(tree[tree.Root, child], new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));

        Assert.All(calls, c => Assert.NotNull(c.Lost));
        Assert.Equal(0, tree.Root.Kernel.StreamCount);
    }
}
