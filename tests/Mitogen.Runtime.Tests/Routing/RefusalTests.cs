using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>Calls beyond a bound are refused, and refusals take room on the way back: who causes them answers for it, and not the context in the middle.</summary>
public sealed class RefusalTests
{
    private const int Opens = 20_000;

    [Fact]
    public void A_context_that_causes_more_refusals_than_are_taken_is_expelled_and_the_one_in_the_middle_stays()
    {
        KernelTree tree = new(new KernelOptions { MaxOpenStreams = 4 });
        KernelPeer middle = tree.Add(tree.Root);
        KernelPeer hostile = tree.Add(middle);
        KernelPeer sibling = tree.Add(middle);
        tree.Stall(tree.Root, middle);

        Open(tree.Root, tree[tree.Root, middle], hostile.Id);

        Assert.Null(tree[tree.Root, middle].Violation);
        Assert.Equal(DisconnectKind.ProtocolBroken, tree.Root.Gone[hostile.Id].Kind);
        tree.Stall(tree.Root, middle, stalled: false);
        tree.Settle();
        Assert.NotNull(tree[middle, hostile].Violation);
        OpenedStream call = tree.Root.Open(sibling, WishMessage.Make(Wish.Answer, 10));
        tree.Settle();
        Assert.True(call.IsAnswered);
    }

    [Fact]
    public void A_child_that_does_not_take_its_refusals_is_cut_off()
    {
        KernelTree tree = new(new KernelOptions { MaxOpenStreams = 4 });
        KernelPeer hostile = tree.Add(tree.Root);
        tree.Stall(tree.Root, hostile);

        ProtocolBrokenException cut = Assert.Throws<ProtocolBrokenException>(() => Open(tree.Root, tree[tree.Root, hostile], hostile.Id));

        Assert.Contains("does not take", cut.Message, StringComparison.Ordinal);
    }

    /// <summary>Opens of streams that stay open, one after the other.</summary>
    private static void Open(KernelPeer at, Link from, uint source)
    {
        byte[] frame = new byte[FrameHeader.Size + CallHeader.Size];
        for (ulong stream = 1; stream <= Opens; stream++)
        {
            new FrameHeader(CallHeader.Size, FrameKind.Open, FrameFlags.None, at.Id, source, stream).Write(frame);
            _ = at.Kernel.Receive(from, frame);
        }
    }
}
