using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>
/// Anything on the link of one context in a tree, addressed to all that there are: the others keep their links and their calls, and at
/// the end nobody holds anything for it.
/// </summary>
public sealed class TreeFuzzTests
{
    private const int Inputs = 4_000;

    // As for one link, for each of the kernels that are on the way.
    private const int Memory = 12 * 1024 * 1024;

    private const uint FirstLeased = 1000;
    private const uint LeasedIds = 16;

    [Fact]
    public void A_hostile_context_below_another_ends_its_own_link_and_nothing_more() =>
        FuzzRun.Each("frames-from-child", Inputs, Memory, (input, random) =>
        {
            KernelTree tree = new();
            KernelPeer middle = tree.Add(tree.Root);
            KernelPeer hostile = tree.Add(middle);
            KernelPeer sibling = tree.Add(middle);
            KernelPeer outsider = tree.Add(tree.Root);
            Lease(tree, tree.Root, middle);
            Lease(tree, middle, hostile);
            Totals totals = new(tree, hostile);
            OpenedStream[] pending =
            [
                Pending(tree.Root, sibling), Pending(tree.Root, middle), Pending(tree.Root, outsider), Pending(middle, sibling),
                Pending(sibling, tree.Root),
            ];
            tree.Settle();
            totals.Begin();
            _ = Pending(tree.Root, hostile);

            tree.Stall(hostile, middle); // what is fed stands for all that it sends
            Feed(tree, (middle, hostile, Readdress(input, random, tree, hostile)), random);
            End(tree, middle, hostile);

            totals.Check();
            Assert.All(pending, p => Assert.True(p.Lost is null && p.Reset is null, $"A call of others ended: {p.Lost} {p.Reset} {p.ResetMessage}"));
            Assert.Equal([middle.Id, sibling.Id, outsider.Id], tree.Root.Kernel.Routes.Order());
            Assert.Equal([sibling.Id], middle.Kernel.Routes);
            CheckCalls(tree, (tree.Root, sibling), (middle, sibling), (tree.Root, outsider), (tree.Root, middle));
        });

    [Fact]
    public void Two_hostile_children_at_once_end_their_own_links_and_nothing_more() =>
        FuzzRun.Each("frames-from-child", Inputs, Memory, (input, random) =>
        {
            KernelTree tree = new();
            KernelPeer first = tree.Add(tree.Root);
            KernelPeer second = tree.Add(tree.Root);
            KernelPeer good = tree.AddLine(2);
            Lease(tree, tree.Root, first);
            Totals totals = new(tree, first, second);
            OpenedStream[] pending = [Pending(tree.Root, good), Pending(good, tree.Root)];
            tree.Settle();
            totals.Begin();

            tree.Stall(first, tree.Root);
            tree.Stall(second, tree.Root);
            Feed(
                tree,
                (tree.Root, first, Readdress(input, random, tree, first)),
                random,
                (tree.Root, second, Readdress(input, random, tree, second)));
            End(tree, tree.Root, first);
            End(tree, tree.Root, second);

            totals.Check();
            Assert.All(pending, p => Assert.True(p.Lost is null && p.Reset is null, $"A call of others ended: {p.Lost} {p.Reset} {p.ResetMessage}"));
            CheckCalls(tree, (tree.Root, good));
        });

    /// <summary>A call that stays open: its answer is never complete.</summary>
    private static OpenedStream Pending(KernelPeer from, KernelPeer to) => from.Open(to, WishMessage.Make(Wish.Take, 0, 100_000));

    private static void Lease(KernelTree tree, KernelPeer from, KernelPeer to) => tree[from, to].Leased.Add(new IdBlock(FirstLeased, LeasedIds));

    private static void Feed(
        KernelTree tree,
        (KernelPeer At, KernelPeer By, byte[] Bytes) one,
        Random random,
        (KernelPeer At, KernelPeer By, byte[] Bytes)? other = null)
    {
        Queue<(Link Link, KernelPeer At, byte[] Piece)> pieces = new();
        foreach ((KernelPeer at, KernelPeer by, byte[] bytes) in other is { } two ? [one, two] : new[] { one })
        {
            FuzzRun.Split(bytes, random, piece => pieces.Enqueue((tree[at, by], at, piece)));
        }

        foreach ((Link link, KernelPeer at, byte[] piece) in other is null ? [.. pieces] : Shuffle(pieces, random))
        {
            try
            {
                _ = link.IsClosed ? 0 : at.Kernel.Receive(link, piece);
            }
            catch (ProtocolBrokenException e)
            {
                // This is what is promised.
                at.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.ProtocolBroken, e.Message));
            }

            if (random.Next(3) == 0)
            {
                _ = tree.Turn();
            }
        }

        tree.Settle();
    }

    /// <summary>Takes from the two links in any order, and from each in its own.</summary>
    private static List<(Link Link, KernelPeer At, byte[] Piece)> Shuffle(IEnumerable<(Link Link, KernelPeer At, byte[] Piece)> pieces, Random random)
    {
        var queues = pieces.GroupBy(p => p.Link).Select(g => new Queue<(Link, KernelPeer, byte[])>(g)).ToList();
        List<(Link, KernelPeer, byte[])> shuffled = [];
        while (queues.Count > 0)
        {
            Queue<(Link, KernelPeer, byte[])> queue = queues[random.Next(queues.Count)];
            shuffled.Add(queue.Dequeue());
            _ = queues.RemoveAll(q => q.Count == 0);
        }

        return shuffled;
    }

    private static void End(KernelTree tree, KernelPeer at, KernelPeer hostile)
    {
        at.Kernel.LinkLost(tree[at, hostile], new DisconnectReason(DisconnectKind.ProtocolBroken, "It broke the protocol."));
        tree.Settle();
    }

    private static void CheckCalls(KernelTree tree, params (KernelPeer From, KernelPeer To)[] pairs)
    {
        foreach ((KernelPeer from, KernelPeer to) in pairs)
        {
            OpenedStream call = from.Open(to, WishMessage.Make(Wish.Answer, 10));
            tree.Settle();
            Assert.True(call.IsAnswered, $"A call from {from.Id} to {to.Id} is not answered.");
        }
    }

    /// <summary>Gives the frames of an input the ids of a tree: mostly the attacker's own as their source, anybody's as their destination.</summary>
    private static byte[] Readdress(byte[] input, Random random, KernelTree tree, KernelPeer attacker)
    {
        uint[] ids = [.. tree.Peers.Select(p => p.Id), FirstLeased, FirstLeased + 1, FirstLeased + LeasedIds, 777_777];
        byte[] output = [.. input];
        for (int at = 0; output.Length - at >= FrameHeader.Size;)
        {
            Span<byte> frame = output.AsSpan(at);
            int length = BinaryPrimitives.ReadInt32LittleEndian(frame);
            if (length < 0 || length > FrameHeader.MaxBody)
            {
                break;
            }

            uint destination = BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]);
            BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], destination == 0 ? 0 : ids[random.Next(ids.Length)]);
            BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], random.Next(5) == 0 ? ids[random.Next(ids.Length)] : attacker.Id);
            for (int id = 0; destination == 0 && id < 2 && length >= 4 * (id + 1) && frame.Length >= FrameHeader.Size + (4 * (id + 1)); id++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(frame[(FrameHeader.Size + (4 * id))..], random.Next(2) == 0 ? attacker.Id : ids[random.Next(ids.Length)]);
                if ((FrameKind)frame[4] != FrameKind.RouteAdded)
                {
                    break; // only a route names two contexts
                }
            }

            at += FrameHeader.Size + length;
        }

        return output;
    }

    /// <summary>What all kernels hold, and for whom.</summary>
    private sealed class Totals(KernelTree tree, params KernelPeer[] hostile)
    {
        // A frame that was dropped stays counted as long as the link is there.
        private static readonly Resource[] s_given = [.. Enum.GetValues<Resource>().Where(r => r != Resource.Dropped)];

        private readonly KernelPeer[] _others = [.. tree.Peers.Except(hostile)];
        private int[] _streams = [];
        private long[][] _held = [];
        private Account[] _accounts = [];

        /// <summary>Notes what is held for others.</summary>
        public void Begin()
        {
            _streams = [.. _others.Select(p => p.Kernel.StreamCount)];
            _accounts = [.. from peer in _others from id in peer.Kernel.Routes select peer.Kernel.AccountOf(id)!];
            _held = [.. _accounts.Select(a => s_given.Select(a.Held).ToArray())];
        }

        /// <summary>The same is held as before, and nothing for those who are gone.</summary>
        public void Check()
        {
            Assert.Equal(_streams, _others.Select(p => p.Kernel.StreamCount));
            Assert.Equal(_held, _accounts.Select(a => s_given.Select(a.Held).ToArray()));
            Assert.All(_others, p => Assert.Equal(0, p.Kernel.BytesOnTheirWay));
            Assert.All(_others, p => Assert.Empty(p.Failures));
            Assert.All(_others, p => Assert.All(p.Kernel.Links, l => Assert.Null(l.Violation)));
        }
    }
}
