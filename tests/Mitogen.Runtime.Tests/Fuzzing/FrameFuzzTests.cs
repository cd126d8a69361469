using Mitogen.Framing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>A link on which anything comes: a broken protocol ends it, and nothing else.</summary>
public sealed class FrameFuzzTests
{
    private const int Inputs = 4_000;

    // A kernel makes a few objects for each frame, and the peers of the tests answer with up to a megabyte.
    private const int Memory = 4 * 1024 * 1024;

    [Fact]
    public void Frames_are_cut_off_the_stream_or_refused() =>
        FuzzRun.Each("frames-from-child", Inputs, 256 * 1024, (input, random) =>
        {
            FrameReader reader = new();
            int frames = 0;
            try
            {
                FuzzRun.Split(input, random, piece =>
                {
                    ReadOnlySpan<byte> rest = piece;
                    while (reader.TryRead(ref rest, out FrameHeader header, out ReadOnlySpan<byte> body))
                    {
                        Assert.Equal(header.Length, body.Length);
                        frames++;
                    }

                    Assert.Equal(0, rest.Length);
                });
            }
            catch (ProtocolBrokenException)
            {
                // This is what is promised.
            }

            Assert.InRange(frames, 0, input.Length / FrameHeader.Size);
        });

    [Fact]
    public void A_hostile_child_ends_its_own_link_and_nothing_more() =>
        FuzzRun.Each("frames-from-child", Inputs, Memory, (input, random) =>
        {
            KernelTree tree = new();
            KernelPeer hostile = tree.AddLine(1);
            KernelPeer good = tree.AddLine(1);
            tree[tree.Root, hostile].Leased.Add(new IdBlock(16, 16));
            OpenedStream pending = tree.Root.Open(good, WishMessage.Make(Wish.Take, 0, 100_000));
            tree.Settle();

            Attack(tree, tree.Root, hostile, input, random);

            CheckCall(tree, tree.Root, good);
            Assert.Null(pending.Lost);
            Assert.Null(pending.Reset);
            Assert.Equal([good.Id], tree.Root.Kernel.Routes);
            Assert.Equal(1, tree.Root.Kernel.StreamCount);
            Assert.Equal(1, good.Kernel.StreamCount);
        });

    [Fact]
    public void A_hostile_parent_ends_its_own_link_and_nothing_more() =>
        FuzzRun.Each("frames-from-parent", Inputs, Memory, (input, random) =>
        {
            KernelTree tree = new();
            _ = tree.AddLine(1);
            KernelPeer attacked = tree.AddLine(1);
            KernelPeer below = tree.Add(attacked);
            OpenedStream pending = attacked.Open(below, WishMessage.Make(Wish.Take, 0, 100_000));
            tree.Settle();

            Attack(tree, attacked, tree.Root, input, random);

            CheckCall(tree, attacked, below);
            Assert.Null(pending.Lost);
            Assert.Null(pending.Reset);
            Assert.Equal([below.Id], attacked.Kernel.Routes);
        });

    private static void Attack(KernelTree tree, KernelPeer attacked, KernelPeer by, byte[] input, Random random)
    {
        Link link = tree[attacked, by];
        tree.Stall(by, attacked); // what is fed stands for all that it sends
        try
        {
            FuzzRun.Split(input, random, piece =>
            {
                attacked.Kernel.Receive(link, piece);
                if (random.Next(3) == 0)
                {
                    tree.Turn();
                }
            });
        }
        catch (ProtocolBrokenException)
        {
            // This is what is promised.
        }

        tree.Settle();
        attacked.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.ProtocolBroken, "It broke the protocol."));
        tree.Settle();
        Assert.Equal(0, attacked.Kernel.BytesOnTheirWay);
    }

    private static void CheckCall(KernelTree tree, KernelPeer from, KernelPeer to)
    {
        OpenedStream call = from.Open(to, WishMessage.Make(Wish.Answer, 10));
        tree.Settle();
        Assert.True(call.IsAnswered);
    }
}
