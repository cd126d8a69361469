using Mitogen.Framing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>
/// A small call beside traffic that never lets up, counted in turns of the links. On each link on its way it waits for at most one frame
/// of each other stream that has something to send, which is one turn each, and for its own.
/// </summary>
public sealed class FairnessTests
{
    private const int Calls = 100;
    private const int Bulk = 256 * 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Beside_a_large_argument(int hops)
    {
        KernelTree tree = new();
        KernelPeer leaf = tree.AddLine(hops);
        OpenedStream bulk = tree.Root.Open(leaf, WishMessage.Make(Wish.Take, long.MaxValue, Bulk));
        Turn(tree, 20);
        ServedStream sink = Assert.Single(leaf.Served);
        Assert.InRange(sink.Received, FrameHeader.MaxBody, Bulk - 1);

        for (int i = 0; i < Calls; i++)
        {
            long before = sink.Received;
            int turns = CallAndCount(tree, leaf, others: 1, hops);
            Assert.InRange(sink.Received - before, 1, (long)turns * FrameHeader.MaxBody);
        }

        Assert.False(bulk.IsAnswered);
        Assert.InRange(sink.Received, 1, Bulk - 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Beside_a_large_result(int hops)
    {
        KernelTree tree = new();
        KernelPeer leaf = tree.AddLine(hops);
        OpenedStream bulk = tree.Root.Open(leaf, WishMessage.Make(Wish.Answer, Bulk));
        Turn(tree, 20);
        Assert.InRange(bulk.Received, FrameHeader.MaxBody, Bulk - 1);

        for (int i = 0; i < Calls; i++)
        {
            long before = bulk.Received;
            int turns = CallAndCount(tree, leaf, others: 1, hops);
            Assert.InRange(bulk.Received - before, 1, (long)turns * FrameHeader.MaxBody);
        }

        Assert.False(bulk.IsAnswered);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Beside_a_thousand_open_streams(int hops)
    {
        const int Streams = 1000;
        KernelTree tree = new();
        KernelPeer leaf = tree.AddLine(hops);
        byte[] message = WishMessage.Make(Wish.Take, 0, FrameHeader.MaxBody);
        OpenedStream[] open = [.. Enumerable.Range(0, Streams).Select(_ => tree.Root.Open(leaf, message))];

        // All have their first window to send at once; four of them fit into a turn.
        _ = CallAndCount(tree, leaf, others: Streams / 4, hops);
        tree.Settle();
        for (int i = 0; i < Calls; i++)
        {
            Assert.Equal(2 * hops, CallAndCount(tree, leaf, others: 0, hops));
        }

        Assert.DoesNotContain(open, s => s.IsAnswered);
        Assert.Equal(Streams, tree.Root.Kernel.StreamCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Beside_a_sibling_that_sends_all_it_may(int hops)
    {
        const int Streams = 16;
        KernelTree tree = new();
        KernelPeer parent = tree.AddLine(hops - 1);
        KernelPeer leaf = tree.Add(parent);
        KernelPeer sibling = tree.Add(parent);
        byte[] message = WishMessage.Make(Wish.Take, long.MaxValue, Bulk / Streams);
        OpenedStream[] flood = [.. Enumerable.Range(0, Streams).Select(_ => sibling.Open(tree.Root, message))];
        Turn(tree, 20);

        for (int i = 0; i < Calls; i++)
        {
            _ = CallAndCount(tree, leaf, others: Streams, hops);
        }

        Assert.DoesNotContain(flood, s => s.IsAnswered);
    }

    // Frames that are under no credit, as many as the link carries, from a child that ignores every rule it can.
    [Theory]
    [InlineData((byte)FrameKind.Credit, false)]
    [InlineData((byte)FrameKind.Credit, true)]
    [InlineData((byte)FrameKind.Data, true)]
    [InlineData((byte)FrameKind.Reset, true)]
    [InlineData((byte)99, true)]
    public void Beside_a_sibling_that_floods_with_frames_that_need_no_credit(byte number, bool newStreams)
    {
        FrameKind kind = (FrameKind)number;
        const int Hops = 2;
        KernelTree tree = new();
        KernelPeer parent = tree.AddLine(1);
        KernelPeer leaf = tree.Add(parent);
        KernelPeer sibling = tree.Add(parent);
        ulong stream = 1;
        byte[] body = kind == FrameKind.Credit ? [1, 0, 0, 0] : [];
        byte[] batch = new byte[KernelTree.BatchSize / (FrameHeader.Size + body.Length) * (FrameHeader.Size + body.Length)];

        for (int i = 0; i < Calls; i++)
        {
            _ = CallAndCount(tree, leaf, others: 2, Hops, Flood);
        }

        void Flood()
        {
            for (int at = 0; at < batch.Length; at += FrameHeader.Size + body.Length)
            {
                stream += newStreams ? 1u : 0;
                new FrameHeader(body.Length, kind, FrameFlags.None, tree.Root.Id, sibling.Id, stream).Write(batch.AsSpan(at));
                body.CopyTo(batch, at + FrameHeader.Size);
            }

            parent.Kernel.Receive(tree[parent, sibling], batch);
        }
    }

    // However many streams and contexts a child has: all that it sends upward has one turn.
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Beside_a_sibling_with_a_thousand_streams_on_their_way_up(int sources)
    {
        const int Streams = 1000;
        KernelTree tree = new();
        KernelPeer parent = tree.AddLine(1);
        KernelPeer leaf = tree.Add(parent);
        KernelPeer sibling = tree.Add(parent);
        KernelPeer[] from = [sibling, .. Enumerable.Range(1, sources - 1).Select(_ => tree.Add(sibling))];
        byte[] message = WishMessage.Make(Wish.Take, 0, FrameHeader.MaxBody);
        tree.Stall(parent, tree.Root);
        for (int i = 0; i < Streams; i++)
        {
            _ = from[i % sources].Open(tree.Root, message);
        }

        OpenedStream call = leaf.Open(tree.Root, WishMessage.Make(Wish.Answer, 1));
        tree.Settle();
        Assert.InRange(parent.Kernel.BytesOnTheirWay, 10 * 1024 * 1024, long.MaxValue);
        tree.Stall(parent, tree.Root, stalled: false);

        // One frame of all the others may stand before it.
        Turn(tree, 4);
        Assert.True(call.IsAnswered);
    }

    private static void Turn(KernelTree tree, int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            Assert.True(tree.Turn());
        }
    }

    /// <summary>Makes a small call and counts the turns to its answer.</summary>
    /// <param name="tree">The contexts.</param>
    /// <param name="leaf">Who is called.</param>
    /// <param name="others">How many turns' worth of other streams' frames wait on each link, one frame each.</param>
    /// <param name="hops">How many links are on the way.</param>
    /// <param name="each">What happens in each turn.</param>
    private static int CallAndCount(KernelTree tree, KernelPeer leaf, int others, int hops, Action? each = null)
    {
        // One for the frame itself, and one for what control frames leave no room for.
        int most = 2 * hops * (others + 2);
        OpenedStream call = tree.Root.Open(leaf, WishMessage.Make(Wish.Answer, 1));
        int turns = 0;
        while (!call.IsAnswered)
        {
            Assert.True(turns++ < most, $"The call is not answered after {most} turns.");
            each?.Invoke();
            _ = tree.Turn();
        }

        return turns;
    }
}
